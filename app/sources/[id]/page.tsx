import type { Metadata } from "next";
import { cache } from "react";
import { found } from "#app/found.ts";
import { locateQuote, readQuoteLink } from "#app/source/locate-quote.ts";
import { SourceView } from "#app/source/source-view.tsx";
import { viewerOrSignIn } from "#app/viewer.ts";
import { getDocument } from "#lib/documents/index.ts";

interface Props {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const read = cache(async (id: string, query: string) => {
  const { deps, viewer } = await viewerOrSignIn(`/sources/${encodeURIComponent(id)}${query}`);
  return found(getDocument(deps, viewer, id));
});

async function readDocument({ params, searchParams }: Props) {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(await searchParams)) {
    if (typeof value === "string") search.set(name, value);
  }
  return read((await params).id, search.size > 0 ? `?${search}` : "");
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  return { title: (await readDocument(props)).title };
}

export default async function SourcePage(props: Props) {
  const document = await readDocument(props);
  const query = await props.searchParams;
  const link = readQuoteLink(query);
  const conversation = typeof query.conversation === "string" ? query.conversation : null;
  const message = typeof query.message === "string" ? query.message : null;
  return (
    <SourceView
      document={document}
      place={locateQuote(document.text, link)}
      link={link}
      asText={query.view === "text"}
      back={conversation === null ? null : { conversation, message }}
    />
  );
}
