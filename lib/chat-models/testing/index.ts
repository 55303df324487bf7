export {
  type ModelRefusal,
  type ModelReply,
  type ModelRequest,
  type ModelServer,
  type ModelServerScript,
  startModelServer,
} from "./model-server.ts";
