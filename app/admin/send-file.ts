import { RequestError } from "#app/components/send.ts";

/**
 * Sends a file as a request's body. `fetch` tells nothing of how far an upload is, so this is XMLHttpRequest.
 * @param onProgress share sent, 0 to 1
 * @throws RequestError
 */
export function sendFile(
  path: string,
  file: File,
  { onProgress, signal }: { onProgress: (share: number) => void; signal: AbortSignal },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", path);
    request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
    request.upload.addEventListener("progress", ({ lengthComputable, loaded, total }) => {
      if (lengthComputable && total > 0) onProgress(loaded / total);
    });
    request.addEventListener("load", () => {
      if (request.status >= 200 && request.status < 300) resolve();
      else reject(new RequestError(request.status, refusal(request)));
    });
    request.addEventListener("error", () => {
      reject(new RequestError(0, "The connection was lost while it was sent. Try again."));
    });
    request.addEventListener("abort", () => reject(new RequestError(0, "Not sent.")));
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(file);
  });
}

function refusal({ responseText, status }: XMLHttpRequest): string {
  try {
    return (JSON.parse(responseText) as { error: { message: string } }).error.message;
  } catch {
    return `The server answered with an error (${status}).`;
  }
}
