"use client";

import { useRouter } from "next/navigation";
import { Badge } from "#app/components/badges.tsx";
import { send } from "#app/components/send.ts";
import { formatCount } from "#app/conversation/labels.ts";
import type { SpaceView } from "#lib/ingest-runs/index.ts";
import { ConfirmButton } from "./confirm-button.tsx";
import { formatBytes, formatShare, percentFilled } from "./figures.ts";
import { spaceLabels } from "./labels.ts";
import { Empty } from "./parts.tsx";
import { When } from "./when.tsx";

/** The spaces of vectors of a collection: the one that is searched, those being filled, and those kept. */
export function Spaces({ slug, spaces }: { slug: string; spaces: SpaceView[] }) {
  if (spaces.length === 0) return <Empty>The first run makes the first space.</Empty>;
  const latest = spaces
    .filter(({ state }) => state === "retired")
    .sort((a, b) => (b.activatedAt ?? "").localeCompare(a.activatedAt ?? ""))[0];
  return (
    <ul className="divide-y divide-line">
      {spaces.map((space) => (
        <SpaceItem key={space.id} slug={slug} space={space} isLatest={space.id === latest?.id} />
      ))}
    </ul>
  );
}

function SpaceItem({ slug, space, isLatest }: { slug: string; space: SpaceView; isLatest: boolean }) {
  const { id, state, provider, model, dimensions, vectors, missing, tail, recall, bytes, createdAt } = space;
  const router = useRouter();
  const path = `/api/admin/collections/${encodeURIComponent(slug)}/spaces`;
  const filled = percentFilled(space);
  const name = `${model}, ${dimensions} dimensions`;
  const done = async (request: Promise<void>) => {
    await request;
    router.refresh();
  };
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2 py-3">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          {name}
          <Badge tone={state === "filling" ? "caution" : "plain"}>{spaceLabels[state]}</Badge>
        </p>
        <p className="tabular mt-0.5 text-ink-soft text-sm">
          {provider} · space {id} · {formatCount(vectors)} vectors · {formatBytes(bytes)} ·{" "}
          {recall === null ? "recall not measured yet" : `recall ${formatShare(recall)}`}
          {tail > 0 && ` · ${formatCount(tail)} not under the index yet`}
        </p>
        <p className="mt-0.5 text-ink-faint text-sm">
          Made <When at={createdAt} />
          {missing > 0 && ` · ${formatCount(missing)} passages have no vector in it`}
        </p>
        {state === "filling" && (
          <div className="mt-2 flex max-w-sm items-center gap-3">
            <progress
              className="h-1.5 flex-1 accent-accent"
              max={100}
              value={filled}
              aria-label={`Space ${id} is filled`}
            />
            <span className="tabular text-ink-soft text-sm">{filled} %</span>
          </div>
        )}
      </div>
      {state !== "active" && (
        <div className="flex flex-wrap gap-2">
          {isLatest ? (
            <ConfirmButton
              label={`Go back to space ${id}`}
              title="Go back to this space?"
              description={`Questions will be searched with ${name} again, from the next one on. The space that is searched now is kept.`}
              confirm="Go back"
              onConfirm={() => done(send("POST", `${path}/rollback`, {}))}
            >
              Go back to it
            </ConfirmButton>
          ) : (
            <ConfirmButton
              label={`Search space ${id}`}
              title="Search this space?"
              description={`Questions will be searched with ${name}, from the next one on. It is first compared with exact search; the space that is searched now is kept for going back.`}
              confirm="Search it"
              onConfirm={() => done(send("POST", `${path}/${id}/activate`, {}))}
            >
              Search it
            </ConfirmButton>
          )}
          <ConfirmButton
            label={`Drop space ${id}`}
            title="Drop this space?"
            description={`Its ${formatCount(vectors)} vectors are deleted. Having them again means embedding the whole collection again.`}
            confirm="Drop"
            grave
            onConfirm={() => done(send("DELETE", `${path}/${id}`))}
          >
            Drop
          </ConfirmButton>
        </div>
      )}
    </li>
  );
}
