import { Agent, type ClientRequest, type IncomingMessage, request as send } from "node:http";

/** A signed-in person before an address, as their browser would speak for them. */
export interface Session {
  address: string;
  cookie: string;
}

export interface Answered {
  status: number;
  body: unknown;
  /** The port it was sent from: a balancer knows by it where it went. */
  localPort: number;
}

const patience = 30_000;
/** Each request on a connection of its own, so that a balancer may give each to another process. */
export const alone = new Agent({ keepAlive: false, maxSockets: Number.POSITIVE_INFINITY });

/**
 * Signs in at an address and holds the cookie.
 * @param origin as the application knows itself from outside
 */
export async function signIn(
  address: string,
  person: { email: string; password: string },
  origin: string,
): Promise<Session> {
  for (;;) {
    const { response, text } = await exchange(
      `${address}/api/auth/sign-in/email`,
      { method: "POST", headers: { "Content-Type": "application/json", Origin: origin } },
      JSON.stringify(person),
    );
    if (response.statusCode === 429) {
      await new Promise((resolve) => setTimeout(resolve, 2_000)); // attempts are limited, also for us
      continue;
    }
    const cookie = (response.headers["set-cookie"] ?? []).map((each) => each.split(";")[0]).join("; ");
    if (response.statusCode !== 200 || cookie === "") throw new Error(`sign-in: ${response.statusCode} ${text}`);
    return { address, cookie };
  }
}

/** One request; bodies are JSON both ways. @throws Error when there is no answer at all */
export async function call(session: Session, method: string, path: string, body?: unknown): Promise<Answered> {
  const headers = { Cookie: session.cookie, ...(body !== undefined && { "Content-Type": "application/json" }) };
  const { response, text, localPort } = await exchange(
    `${session.address}${path}`,
    { method, headers },
    body === undefined ? undefined : JSON.stringify(body),
  );
  const isJson = response.headers["content-type"]?.startsWith("application/json") ?? false;
  return { status: response.statusCode ?? 0, body: isJson ? JSON.parse(text) : text, localPort };
}

/** As `call`, for what must succeed. @throws Error with the answer's words */
export async function expectCall<T>(session: Session, method: string, path: string, body?: unknown): Promise<T> {
  const { status, body: answer } = await call(session, method, path, body);
  if (status < 200 || status > 299) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answer)}`);
  return answer as T;
}

function exchange(
  address: string,
  options: { method: string; headers: Record<string, string> },
  body: string | undefined,
): Promise<{ response: IncomingMessage; text: string; localPort: number }> {
  return new Promise((resolve, reject) => {
    const request: ClientRequest = send(address, { ...options, agent: alone, timeout: patience }, (response) => {
      const localPort = response.socket.localPort ?? 0;
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part) => {
        text += part;
      });
      response.on("end", () => resolve({ response, text, localPort }));
      response.on("error", reject);
    });
    request.on("timeout", () => request.destroy(new Error(`${address} did not answer within ${patience / 1000} s`)));
    request.on("error", reject);
    request.end(body);
  });
}
