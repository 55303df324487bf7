import { wordsOf } from "../words.ts";

/** So many words in a row that stand in the prompt are no chance. */
const run = 6;

/** Orders to whoever answers, planted in a document: no clinical text speaks of its reader's reply or rules. */
const orders = [
  /\b(?:ignore|disregard|forget|override|bypass|overlook|skip)\b[^.!?]{0,60}\b(?:instruction|prompt|rule|guideline|direction|message|context|passage|text)s?\b[^.!?]{0,30}\b(?:above|before|previous|earlier|prior|given|system)\b/i,
  /\b(?:ignore|disregard|forget|override|bypass)\b[^.!?]{0,40}\b(?:all|any|every|the|your|previous|prior|above|earlier|preceding|system)\b[^.!?]{0,25}\b(?:instruction|prompt|rule|constraint|direction)s?\b/i,
  /\bsystem\s+prompt\b|\b(?:your|these|developer)\s+(?:system|hidden|initial|original)?\s*(?:prompts?|instructions\s+(?:word|verbatim))\b/i,
  /\byou\s+are\s+(?:now|no\s+longer|free|chatgpt|an?\s+(?:ai|assistant|language\s+model|unrestricted))\b/i,
  /\b(?:as\s+an\s+ai|language\s+model|developer\s+mode|jailbreak|DAN\s+mode|pretend\s+(?:to\s+be|you)|act\s+as\s+(?:an?|if)\b)/i,
  /\b(?:reveal|repeat|print|output|display|show|leak|quote|recite)\b[^.!?]{0,30}\b(?:prompt|your\s+(?:rules|instructions|configuration|system))\b/i,
  /\b(?:in|to|into|with|of|for|from|modify|augment|enhance|rearrange|scramble|encode|translate|render|write|provide|convert|rewrite|end|begin|start|finish|append\s+\S+\s+to|letters\s+of|words\s+in)\s+your\s+(?:entire\s+|whole\s+|final\s+|next\s+)?(?:answer|response|reply|output|message)\b(?!\s+to\b)/i,
  /\b(?:your|the)\s+(?:entire\s+|final\s+)?(?:answer|response|reply|output)\b(?!\s+to\b)[^.!?]{0,40}\b(?:must|should|in\s+(?:json|base64|markdown|html|capitals)|with\s+(?:a\s+)?(?:random|typos|link|image))\b/i,
  /\b(?:answer|respond|reply)\s+(?:only\s+)?(?:with|in|as)\s+(?:json|base64|markdown|html|rot13|leetspeak|pirate|rhyme|french|german)\b/i,
  /<\/?(?:passages?|system|instructions?)\b|\[\/?INST\]|<\|im_(?:start|end)\|>|^\s*(?:system|assistant)\s*:/i,
];

/** Whether a text gives orders to whoever reads it to answer. */
export function givesOrders(text: string): boolean {
  return orders.some((pattern) => pattern.test(text));
}

/** A test for texts that repeat so many words of a prompt in a row, whatever their case and punctuation. */
export function repeater(prompt: string): (text: string) => boolean {
  const runs = new Set(runsOf(prompt));
  return (text) => runsOf(text).some((words) => runs.has(words));
}

function runsOf(text: string): string[] {
  const words = wordsOf(text.normalize("NFKC"));
  return Array.from({ length: Math.max(0, words.length - run + 1) }, (_, at) => words.slice(at, at + run).join(" "));
}
