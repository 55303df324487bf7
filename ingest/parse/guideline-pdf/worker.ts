import { extract } from "./extract.ts";
import { limitMemoryAsTold } from "./memory-limit.ts";
import { refuseNetwork } from "./no-network.ts";
import type { ReadRequest } from "./types.ts";

// The reading process: a file's path in, an answer out, one at a time.
limitMemoryAsTold();
refuseNetwork();

process.on("message", (request: ReadRequest) => {
  void extract(request).then((answer) => process.send?.(answer));
});
process.on("disconnect", () => process.exit(0));
