import type { Metadata } from "next";
import { viewerOrSignIn } from "#app/viewer.ts";
import { SearchPage } from "#app/workspace/search/search-page.tsx";

export const metadata: Metadata = { title: "Search" };

export default async function SearchRoute({ searchParams }: { searchParams: Promise<{ q?: string | string[] }> }) {
  const { q } = await searchParams;
  const query = typeof q === "string" ? q.slice(0, 500) : "";
  await viewerOrSignIn(query === "" ? "/search" : `/search?q=${encodeURIComponent(query)}`);
  return <SearchPage key={query} initial={query} />;
}
