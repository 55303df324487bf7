import { CircleQuestionMark, CircleSlash, type LucideIcon, Siren, UserRound } from "lucide-react";
import type { Redirection } from "#lib/domain.ts";

const looks: Record<Redirection["kind"], { icon: LucideIcon; frame: string; title: string }> = {
  emergency: {
    icon: Siren,
    frame: "border-2 border-danger bg-danger-wash",
    title: "text-danger text-lg",
  },
  personal: { icon: UserRound, frame: "border border-accent/50 bg-accent-wash/60", title: "text-accent-strong" },
  not_medical: { icon: CircleSlash, frame: "border border-line-strong/60 bg-panel", title: "" },
  unclear: { icon: CircleQuestionMark, frame: "border border-line-strong/60 bg-panel", title: "" },
};

/** Said instead of an answer to a question that no passage should answer; an emergency first of all says what to do. */
export function RedirectionCard({ redirection, messageId }: { redirection: Redirection; messageId: string }) {
  const { icon: Icon, frame, title } = looks[redirection.kind];
  return (
    <section
      aria-labelledby={`redirection-${messageId}`}
      className={`flex max-w-[44rem] gap-3 rounded-lg p-4 ${frame}`}
    >
      <Icon className={`mt-0.5 size-5 shrink-0 ${title || "text-ink-faint"}`} aria-hidden="true" />
      <div className="grid min-w-0 gap-1.5">
        <h3 id={`redirection-${messageId}`} className={`font-semibold leading-snug ${title}`}>
          {redirection.title}
        </h3>
        <p
          className={`max-w-[65ch] whitespace-pre-line leading-relaxed ${redirection.kind === "emergency" ? "text-ink" : "text-ink-soft text-sm"}`}
        >
          {redirection.text}
        </p>
      </div>
    </section>
  );
}
