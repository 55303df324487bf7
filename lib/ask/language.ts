const signs = /[¿¡ñ]/i;
const words =
  /(?<!\p{L})(?:el|la|los|las|qué|que|cómo|cuál|cuáles|cuándo|dónde|por|para|una|del|es|son|está|debe|puedo|puede|mi|me|mis|estoy|tengo|tomé|quiero|hijo|hija|pastillas|dolor|duele|dosis|síntomas|tratamiento|no|de|y|con|en|hay|soy|se|he|ha)(?!\p{L})/giu;

/** Whether a question is asked in Spanish. */
export function isSpanish(text: string): boolean {
  return signs.test(text) || (text.match(words)?.length ?? 0) * 3 >= text.split(/\s+/).length;
}
