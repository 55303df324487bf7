import { kin, plainQuestion, rule, speaksOfPatient } from "./people.ts";

/** What "have" is not a diagnosis in: "do I have to fast", "do I have a higher risk", "do I have a choice". */
const noDiagnosis =
  "(?!\\s+(?:to|time|a\\s+(?:choice|right|higher|greater|lower|better)|an\\s+(?:option|increased|alternative)|any\\s+(?:options|alternatives|choice|risk)|enough|more|less|options|the\\s+(?:right|option)|surgery|a\\s+(?:vaccine|scan|test)))";
const body =
  "skin|arms?|legs?|hands?|foot|feet|face|head|neck|back|chest|belly|stomach|abdomen|breasts?|throat|tongue|mouth|eyes?|ears?|nose|knees?|hips?|shoulders?|elbows?|wrists?|ankles?|fingers?|toes?|nails?|groin|penis|vagina|testicles?|scalp|armpit|side|body|heart|lungs?|kidneys?|liver|thigh|calf|ribs?|jaw|gums?|tooth|teeth|lips?|urine|pee|stool|poop|period|joints?|muscles?|mole|rash|lump|bump|spot|cough|headaches?|symptoms?|pain|son's \\S+|daughter's \\S+|baby's \\S+|child's \\S+";
const sign =
  "rash|lump|bump|spots?|mole|blisters?|sores?|swelling|growth|mark|pain|itch|hives|ulcer|wound|bruise|lesion|discharge|nodule|wart|patch";

/** Asks what the asker, or someone close, has: nobody can say that from documents. */
const diagnosis = [
  rule(
    `(?:do|did|have|could|might|may|can|would)\\s+i\\s+(?:really\\s+|possibly\\s+|already\\s+|maybe\\s+|just\\s+)?(?:have|got|be\\s+having|be\\s+developing)${noDiagnosis}`,
  ),
  rule(
    "am\\s+i\\s+(?:\\S+\\s+)?(?:pregnant|diabetic|anaemic|anemic|dying|sick|ill|infected|contagious|depressed|autistic|bipolar|allergic\\s+to\\s+(?:this|it|something)|having\\s+(?:a|an)\\b|going\\s+through\\s+menopause|hiv\\s+positive)",
  ),
  rule(`(?:does|did|could|might|may)\\s+${kin}\\s+(?:really\\s+|possibly\\s+)?have${noDiagnosis}`),
  rule(
    `is\\s+${kin}\\s+(?:\\S+\\s+)?(?:pregnant|diabetic|autistic|depressed|dying|anaemic|anemic|having\\s+(?:a|an)\\b)`,
  ),
  rule(
    `what(?:'s|\\s+is|\\s+are|\\s+could\\s+be|\\s+causes|\\s+caused|\\s+is\\s+causing|'s\\s+causing)\\s+(?:this|these|the|that|a)?\\s*(?:\\S+\\s+){0,3}?(?:${sign})\\s+(?:\\S+\\s+){0,2}?(?:on|in|under|behind|between|near|around|over|inside)\\s+my`,
  ),
  rule("what(?:'s|\\s+is)\\s+(?:wrong|happening|going\\s+on|the\\s+matter)\\s+(?:with|to|in)\\s+(?:me|my)"),
  rule(
    "what\\s+(?:disease|illness|condition|infection|diagnosis|sickness|disorder|kind\\s+of\\s+\\S+)\\s+(?:do|could|might)\\s+i\\s+have|what\\s+(?:do|could|might)\\s+i\\s+have(?!\\s+(?:to|been))",
  ),
  rule("diagnose\\s+(?:me|my|this)|what(?:'s|\\s+is)\\s+my\\s+diagnosis|my\\s+diagnosis\\s+is\\s+what"),
  rule(
    "(?:what\\s+(?:do|does|could|can|would|might)|do|does|could)\\s+(?:my|these|this)\\s+(?:\\S+\\s+){0,3}?(?:symptoms?|results?|levels?|tests?|scan|labs?|bloods?|numbers|report|pain|rash|lump|mole)\\s+(?:\\S+\\s+){0,4}?(?:mean|say|indicate|suggest|show|be\\s+cancer|be\\s+serious)",
  ),
  rule("(?:does|would|could)\\s+(?:this|that|it)\\s+mean\\s+(?:that\\s+)?i\\s+(?:have|am|might|could)"),
  rule(
    `is\\s+(?:this|that|the|my)\\s+(?:\\S+\\s+){0,3}?(?:${sign}|${body})\\s+(?:\\S+\\s+){0,4}?(?:cancer\\w*|malignant|infected|broken|serious|normal|dangerous|melanoma|fractured|contagious)`,
  ),
  rule(
    `why\\s+(?:do|does|is|are|am|did|has|have)\\s+(?:i\\s+(?:feel|have|keep|get|always|constantly|suddenly|so|bleeding|dizzy|tired|losing|gaining)|i\\s+(?:\\S+\\s+)?(?:dizzy|tired|sick|bleeding|itchy|nauseous|bloated|fatigued|shaking|sweating|losing\\s+\\S+|gaining\\s+\\S+|peeing)|my\\s+(?:\\S+\\s+)?(?:${body}))`,
  ),
  rule(
    `(?:i\\s+have|i've\\s+(?:got|had|been)|i\\s+found|i\\s+noticed|i\\s+feel|i\\s+get|i'm\\s+having|there(?:'s|\\s+is)\\s+(?:a|an)\\s+\\S+\\s+(?:on|in|under)\\s+my|my\\s+(?:\\S+\\s+)?(?:${body})\\s+(?:is|are|has|have|hurts?|feels?|looks?|itch\\w*)).{3,200}?(?:what\\s+(?:is\\s+it|do\\s+i\\s+have|could\\s+(?:it|this|that)\\s+be|is\\s+(?:wrong|this|that)|might\\s+(?:it|this)\\s+be|is\\s+causing\\s+(?:it|this))|is\\s+(?:it|this|that)\\s+(?:\\S+\\s+)?(?:cancer|serious|a\\s+\\S+|an\\s+\\S+|\\S+itis|angina|dangerous|gout|shingles|eczema|psoriasis|diabetes|melanoma|infected|broken|normal)|could\\s+(?:it|this|that)\\s+be|do\\s+i\\s+have|should\\s+i\\s+(?:be\\s+worried|worry))`,
  ),
  rule(
    `should\\s+i\\s+(?:be\\s+worried|worry|be\\s+concerned)\\s+about\\s+(?:my|this)\\s+(?:\\S+\\s+){0,2}?(?:${body}|${sign})`,
  ),
  rule(
    "tengo\\s+(?:(?:yo\\s+)?(?:un\\s+|una\\s+|el\\s+|la\\s+)?(?:c[aá]ncer|diabetes|infecci[oó]n|tumor|sida|vih|covid(?:-19)?|gripe|anemia|depresi[oó]n|ansiedad|autismo|lupus|gota|herpes|neumon[ií]a))(?=\\s*\\?)",
  ),
  rule(
    "(?:qu[eé]|cu[aá]l)\\s+(?:enfermedad|infecci[oó]n|cosa)?\\s*(?:es\\s+lo\\s+que\\s+)?tengo(?!\\s+que)|qu[eé]\\s+me\\s+pasa|qu[eé]\\s+le\\s+pasa\\s+a\\s+mi|estoy\\s+(?:embarazada|enferm[oa]|infectad[oa]|deprimid[oa])(?=\\s*\\?)|por\\s+qu[eé]\\s+(?:me\\s+(?:duelen?|siento|mareo|sangra|pica)|estoy\\s+tan|tengo\\s+(?!que)|mi\\s+\\S+\\s+(?:est[aá]|tiene))",
  ),
  rule(
    "qu[eé]\\s+(?:es|son|ser[aá]|puede\\s+ser)\\s+est[eaos]{1,3}\\s+(?:\\S+\\s+){1,3}?(?:en|sobre|debajo\\s+de)\\s+(?:mi|el|la|los|las)|(?:podr[ií]a|puedo|puede)\\s+(?:yo\\s+)?(?:tener|ser)\\s+(?:un\\s+|una\\s+)?(?:c[aá]ncer|diabetes|tumor)(?=\\s*\\?)|tiene\\s+mi\\s+\\S+\\s+(?:un\\s+|una\\s+)?\\S+(?=\\s*\\?)|diagnost[ií]ca(?:me|rme)",
  ),
];

/** "How do I know if I have gout?", "what should I do if I have a fever?": knowledge, not a diagnosis. */
const general =
  /\b(?:if|when|whenever|because|since|although|while|after|before|once|unless)\s+i\s+(?:have|had|am|get|feel)\b|\bhow\s+(?:do|can|would|could|will|should)\s+i\b|\bsi\s+tengo\b|\bcuando\s+tengo\b|\bcómo\s+(?:sé|puedo|saber)\b/i;

/** Whether a question asks for a diagnosis of the asker or someone close. */
export function asksOwnDiagnosis(question: string): boolean {
  const plain = plainQuestion(question);
  if (speaksOfPatient(plain) || general.test(plain)) return false;
  return diagnosis.some((pattern) => pattern.test(plain));
}
