import { extract } from "./extract.ts";

// The reading process: a file's bytes in, an answer out, one at a time. It has no use for the network.
const refuse = () => {
  throw new Error("the reading process does not use the network");
};
Object.assign(globalThis, { fetch: refuse, WebSocket: refuse, XMLHttpRequest: refuse });

process.on("message", (bytes: Uint8Array) => {
  void extract(new Uint8Array(bytes)).then((answer) => process.send?.(answer));
});
process.on("disconnect", () => process.exit(0));
