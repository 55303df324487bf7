/** The forms in which a conversation or an answer can be taken away, as menus offer them. */
export const exportChoices = [
  {
    heading: "With its references",
    forms: [
      { format: "pdf", label: "PDF" },
      { format: "docx", label: "Word (DOCX)" },
      { format: "markdown", label: "Markdown" },
      { format: "text", label: "Plain text" },
      { format: "json", label: "JSON" },
    ],
  },
  {
    heading: "Its sources",
    forms: [
      { format: "ris", label: "RIS" },
      { format: "bibtex", label: "BibTeX" },
      { format: "csl", label: "CSL-JSON" },
    ],
  },
];

/** Where the file comes from; without an answer it holds the whole conversation. */
export function exportAddress(conversationId: string, format: string, answerId?: string): string {
  const parameters = new URLSearchParams({ format, ...(answerId && { answer: answerId }) });
  return `/api/conversations/${encodeURIComponent(conversationId)}/export?${parameters}`;
}
