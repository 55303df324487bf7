import { limitMemoryAsTold } from "./memory-limit.ts";
import { refuseNetwork } from "./no-network.ts";
import { recognise } from "./recognise.ts";
import type { RecogniseRequest } from "./types.ts";

// The recognising process: a file's path and a page in, its words out, one at a time.
limitMemoryAsTold();
refuseNetwork();

process.on("message", (request: RecogniseRequest) => {
  void recognise(request).then((answer) => process.send?.(answer));
});
process.on("disconnect", () => process.exit(0));
