import type { Metadata } from "next";
import { MarkedAnswers } from "#app/admin/marked-answers.tsx";
import { AdminPage } from "#app/admin/parts.tsx";
import { tellingDenials } from "#app/telling-denials.ts";
import { viewerOrSignIn } from "#app/viewer.ts";
import { listMarkedAnswers } from "#lib/conversations/index.ts";

export const metadata: Metadata = { title: "Answers to look at" };

async function MarkedAnswersPage() {
  const { deps, viewer } = await viewerOrSignIn("/admin/answers");
  const page = await listMarkedAnswers(deps, viewer);
  return (
    <AdminPage title="Answers to look at">
      <p className="mt-2 mb-5 max-w-[65ch] text-ink-soft">
        Answers given here whose sources have changed since: retracted, withdrawn, superseded or met with concern.
        Readers of these answers see it too, at their next look.
      </p>
      <MarkedAnswers initial={page} />
    </AdminPage>
  );
}

export default tellingDenials("/admin/answers", MarkedAnswersPage);
