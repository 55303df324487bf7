import { Archive, MessageSquareText, Users } from "lucide-react";
import type { FoundConversation } from "#lib/domain.ts";
import { dayInWords, textOf, writtenBy } from "./found.ts";
import { Highlighted } from "./highlighted.tsx";
import { optionId, type SearchOption } from "./use-options.ts";

export interface PaletteResultsProps {
  id: string;
  options: SearchOption[];
  chosen: SearchOption | null;
  /** The conversations used last, because nothing is asked for. */
  isRecent: boolean;
  isBusy: boolean;
  onHover: (option: SearchOption) => void;
  onChoose: (option: SearchOption) => void;
}

/** Lines to choose from, those of one conversation together under its title. */
export function PaletteResults({ id, options, chosen, isRecent, isBusy, onHover, onChoose }: PaletteResultsProps) {
  const groups = [...Map.groupBy(options, ({ group }) => group)];
  const line = (option: SearchOption) => ({
    id: optionId(option),
    role: "option" as const,
    tabIndex: -1,
    "aria-selected": option === chosen,
    className: `block cursor-pointer rounded-md px-2.5 py-1.5 text-sm ${option === chosen ? "bg-accent-wash" : ""}`,
    onMouseMove: () => option !== chosen && onHover(option),
    onClick: () => onChoose(option),
  });
  return (
    <div
      id={id}
      role="listbox"
      aria-label={isRecent ? "Recent conversations" : "Results"}
      aria-busy={isBusy}
      className="min-h-0 flex-1 overflow-y-auto p-2 empty:hidden"
    >
      {groups.map(([conversation, own]) => {
        if (!conversation) {
          return own.map((option) => (
            <div key={option.key} {...line(option)}>
              <span className="text-accent">{option.all}</span>
            </div>
          ));
        }
        const heading = `search-group-${conversation.id}`;
        return (
          // biome-ignore lint/a11y/useSemanticElements: a group of options, not of form fields
          <div key={conversation.id} role="group" aria-labelledby={heading} className="pb-1">
            {own.map((option) =>
              option.message ? null : (
                <div key={option.key} {...line(option)}>
                  <GroupTitle id={heading} conversation={conversation} />
                </div>
              ),
            )}
            {own[0]?.message && (
              <div className="px-2.5 pt-1.5">
                <GroupTitle id={heading} conversation={conversation} />
              </div>
            )}
            {own.map((option) =>
              option.message ? (
                <div key={option.key} {...line(option)}>
                  <p className="line-clamp-3 text-ink-soft">
                    <Highlighted segments={textOf(option.message)} />
                  </p>
                  <p className="tabular mt-0.5 text-ink-faint text-xs">
                    {writtenBy(option.message)} · {dayInWords(option.message.createdAt)}
                    {!option.message.byWords && !isRecent && " · by meaning, date or person"}
                  </p>
                </div>
              ) : null,
            )}
          </div>
        );
      })}
    </div>
  );
}

function GroupTitle({ id, conversation }: { id: string; conversation: FoundConversation }) {
  const { title, archived, shared, people, updatedAt } = conversation;
  const Icon = shared ? Users : MessageSquareText;
  return (
    <div className="flex items-baseline gap-2">
      <Icon className="size-3.5 shrink-0 translate-y-0.5 text-ink-faint" aria-hidden="true" />
      <p id={id} className="min-w-0 flex-1 truncate font-medium text-sm">
        <Highlighted segments={title} />
        {people.length > 0 && <span className="font-normal text-ink-faint text-xs"> with {people.join(", ")}</span>}
      </p>
      {archived && (
        <span className="flex items-center gap-1 text-ink-faint text-xs">
          <Archive className="size-3" aria-hidden="true" /> Archived
        </span>
      )}
      <span className="tabular shrink-0 text-ink-faint text-xs">{dayInWords(updatedAt)}</span>
    </div>
  );
}
