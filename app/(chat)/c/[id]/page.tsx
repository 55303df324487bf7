import type { Metadata } from "next";
import { cache } from "react";
import { found } from "#app/found.ts";
import { tellingDenials } from "#app/telling-denials.ts";
import { viewerOrSignIn } from "#app/viewer.ts";
import { ListedConversation } from "#app/workspace/listed-conversation.tsx";
import { may } from "#lib/auth/permissions.ts";
import { listCollections } from "#lib/collections/index.ts";
import { getConversation } from "#lib/conversations/index.ts";

interface Props {
  params: Promise<{ id: string }>;
}

const read = cache(async (id: string) => {
  const { deps, viewer } = await viewerOrSignIn(`/c/${encodeURIComponent(id)}`);
  const [conversation, collections] = await Promise.all([
    found(getConversation(deps, viewer, id)),
    listCollections(deps, viewer),
  ]);
  return { conversation, collections, mayAsk: may(viewer, "ask") };
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await read((await params).id)).conversation.title };
}

async function ConversationPage({ params }: Props) {
  const { conversation, collections, mayAsk } = await read((await params).id);
  return <ListedConversation key={conversation.id} initial={conversation} collections={collections} mayAsk={mayAsk} />;
}

export default tellingDenials("/c/[id]", ConversationPage);
