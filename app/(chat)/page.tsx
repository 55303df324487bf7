import { viewerOrSignIn } from "#app/viewer.ts";
import { NewChat } from "#app/workspace/new-chat.tsx";
import { may } from "#lib/auth/permissions.ts";
import { listCollections } from "#lib/collections/index.ts";

export default async function NewChatPage() {
  const { deps, viewer } = await viewerOrSignIn("/");
  const collections = await listCollections(deps, viewer);
  return <NewChat collections={collections} name={viewer.name} mayAsk={may(viewer, "ask")} />;
}
