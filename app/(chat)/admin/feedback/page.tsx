import { Download } from "lucide-react";
import type { Metadata } from "next";
import { feedbackHref, parametersOf, readFeedbackQuery } from "#app/admin/feedback-address.ts";
import { FeedbackFilter } from "#app/admin/feedback-filter.tsx";
import { FeedbackList } from "#app/admin/feedback-list.tsx";
import { AdminPage } from "#app/admin/parts.tsx";
import { button } from "#app/components/styles.ts";
import { tellingDenials } from "#app/telling-denials.ts";
import { viewerOrSignIn } from "#app/viewer.ts";
import { listFeedback } from "#lib/feedback/index.ts";

export const metadata: Metadata = { title: "Feedback" };

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

async function FeedbackPage({ searchParams }: Props) {
  const query = readFeedbackQuery(await searchParams);
  const { deps, viewer } = await viewerOrSignIn(feedbackHref(query));
  const parameters = parametersOf(query);
  const page = await listFeedback(deps, viewer, Object.fromEntries(parameters));
  return (
    <AdminPage
      title="Feedback"
      beside={
        <a href={`/api/admin/feedback/cases?${parameters}`} download className={button.secondary}>
          <Download className="size-4" aria-hidden="true" />
          Download as cases
        </a>
      }
    >
      <p className="mt-2 max-w-[65ch] text-ink-soft">
        What readers say of answers and of their sentences. The download holds what is listed here as evaluation cases:
        questions with what their answers should say, or should not.
      </p>
      <FeedbackFilter query={query} />
      <FeedbackList key={feedbackHref(query)} initial={page} query={query} />
    </AdminPage>
  );
}

export default tellingDenials("/admin/feedback", FeedbackPage);
