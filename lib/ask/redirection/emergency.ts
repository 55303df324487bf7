import { asker, kin, plainQuestion, rule, speaksOfPatient } from "./people.ts";

export type Emergency = "suicide" | "poisoning" | "danger";

/** Of oneself or someone close, now; "suicidal ideation in adolescents" and "risk of suicide" are clinical questions. */
const suicide = [
  rule(
    "(?:i|i'm|i am|i've|we)\\s+(?:\\S+\\s+){0,6}?(?:(?:kill|killing|hurt|hurting|harm|harming|hang|hanging|shoot|shooting|drown|drowning)\\s+(?:myself|ourselves)|(?:end|ending|take|taking)\\s+(?:my\\s+(?:own\\s+)?life|it\\s+all)|suicidal|commit(?:ting)?\\s+suicide)",
  ),
  rule(
    "i\\s+(?:really\\s+|just\\s+)?(?:want|wish|would\\s+like|am\\s+going|plan)\\s+(?:to\\s+)?(?:die|be\\s+dead|i\\s+(?:was|were)\\s+dead|not\\s+(?:be\\s+alive|live|wake\\s+up))",
  ),
  rule(
    "i\\s+(?:don't|do not|no longer|can't|cannot)\\s+(?:want\\s+to\\s+)?(?:live|be\\s+alive|go\\s+on\\s+living)(?:\\s+any\\s?more)?",
  ),
  rule(
    "i\\s+(?:keep|started|can't\\s+stop|am|want\\s+to|cut)\\s+(?:\\S+\\s+)?(?:cutting\\s+myself|cut\\s+myself|self[\\s-]harm(?:ing)?|myself\\s+on\\s+purpose)",
  ),
  rule(
    `${kin}\\s+(?:\\S+\\s+){0,4}?(?:suicidal|(?:kill|killing|hurt|hurting|harm|harming)\\s+(?:him|her|them)sel(?:f|ves)|(?:end|take)\\s+(?:his|her|their)\\s+(?:own\\s+)?life)`,
  ),
  rule(
    "(?:how\\s+(?:many|much|do|can)|which|what|best|easiest|quickest|painless(?:ly)?)\\s+(?:\\S+\\s+){0,8}?(?:to\\s+)?(?:kill\\s+myself|end\\s+my\\s+life|die\\s+by\\s+suicide)",
  ),
  rule("(?:painless|easiest|quickest|best|easy|quick)\\s+ways?\\s+to\\s+(?:die|commit\\s+suicide)"),
  rule(
    "how\\s+many\\s+(?:\\S+\\s+){0,4}?(?:do\\s+i\\s+need\\s+|should\\s+i\\s+take\\s+|does\\s+it\\s+take\\s+)?to\\s+die",
  ),
  rule(
    "(?:quiero|voy\\s+a|pienso\\s+en|ganas\\s+de|pensando\\s+en|intent[eé])\\s+(?:\\S+\\s+)?(?:morir(?:me)?|matarme|suicidarme|quitarme\\s+la\\s+vida|hacerme\\s+daño|acabar\\s+con\\s+mi\\s+vida|cortarme)",
  ),
  rule(
    "no\\s+quiero\\s+(?:vivir|seguir\\s+viviendo)|mi\\s+\\S+\\s+(?:se\\s+)?quiere\\s+(?:matarse|suicidar(?:se)?|morir)",
  ),
];

const poisons =
  "bleach|antifreeze|detergent|laundry\\s+pods?|dishwasher\\s+\\S+|drain\\s+cleaner|(?:button\\s+|disc\\s+)?batter(?:y|ies)|rat\\s+poison|pesticides?|insecticide|weed\\s?killer|paraquat|methanol|turpentine|petrol|gasoline|paint\\s+thinner|lamp\\s+oil|cyanide|arsenic|poison|ammonia|lye|magnets?|mothballs?|lejía|anticongelante|detergente|pilas?|veneno|matarratas|gasolina|amoniaco|sosa";
const swallowed = "(?:swallowed|drank|drunk|ate|eaten|ingested|took|taken|injected|inhaled)";
const tragado =
  "(?:tom[eéó]|tomado|tragu?[eéó]|tragado|beb[ií]|bebi[oó]|bebido|com[ií]|comi[oó]|ingir[ií]|ingiri[oó]|ingerido)";
const measures =
  "mg|mcg|µg|micrograms?|milligrams?|ml|iu|units?|minutes?|hours?|days?|weeks?|months?|years?|minutos?|horas?|días?|semanas?|meses|años?|%|percent";
const counted = `(?:(?:[1-9]\\d{1,2}|ten|twelve|fifteen|twenty|thirty|forty|fifty|sixty|a\\s+hundred|diez|veinte|treinta|cuarenta|cincuenta)(?![\\s-]*(?:${measures})(?!\\p{L})|[.,]?\\d)(?:[\\s-]\\S+)?\\s+\\p{L}+)`;
const much =
  "(?:too\\s+(?:many|much)|a\\s+(?:whole|full|entire)\\s+(?:bottle|box|pack(?:et|age)?|strip|blister)|the\\s+(?:whole|entire)\\s+\\S+|all\\s+(?:of\\s+)?(?:my|the|his|her)|a\\s+(?:handful|bunch|lot|load)\\s+of|handfuls?|an?\\s+(?:\\S+\\s+)?overdose|demasiad[oa]s?|un\\s+frasco|una\\s+caja|tod[oa]s?\\s+(?:mis|las|los|el|la)|un\\s+puñado|una\\s+sobredosis|muchas\\s+pastillas)";
const grams = "(?:(?:[89]|[1-9]\\d+)\\s*(?:g|grams?|gramos?)\\s+(?:of|de))";

/** What was taken, and too much of it: by count, by grams, by what it is, or said to be too much. */
const poisoning = [
  rule(`${asker}\\s+(?:\\S+\\s+){0,4}?${swallowed}\\s+(?:\\S+\\s+){0,3}?(?:${counted}|${much}|${grams}|${poisons})`),
  rule(
    `(?:he|she|they|someone)\\s+(?:has\\s+|have\\s+)?(?:just\\s+|accidentally\\s+)*${swallowed}\\s+(?:\\S+\\s+){0,3}?(?:${counted}|${much}|${poisons})`,
  ),
  rule(
    `${asker}\\s+(?:\\S+\\s+){0,4}?(?:accidentally|by\\s+(?:mistake|accident))\\s+(?:\\S+\\s+){0,2}?${swallowed}\\s+(?:\\S+\\s+){0,2}?(?:double|two\\s+doses|twice|extra|someone)`,
  ),
  rule(
    `${asker}\\s+(?:\\S+\\s+){0,3}?(?:overdosed|overdosing|od'?d|been\\s+poisoned|been\\s+bitten\\s+by\\s+a\\s+(?:\\S+\\s+)?snake|was\\s+bitten\\s+by\\s+a\\s+(?:\\S+\\s+)?snake)`,
  ),
  rule(
    `(?:me\\s+|se\\s+|mi\\s+\\S+\\s+(?:se\\s+)?)?(?:he\\s+|ha\\s+|acabo\\s+de\\s+)?${tragado}\\s+(?:\\S+\\s+){0,3}?(?:${counted}|${much}|${grams}|${poisons})`,
  ),
  rule(
    "i\\s+have\\s+an?\\s+(?:[1-9]|1[0-5])[\\s-]*(?:year|month)s?[\\s-]*old\\s+who\\s+(?:just\\s+|has\\s+)*(?:swallowed|drank|ate|took|ingested)",
  ),
];

const chest =
  "(?:(?:crushing|severe|bad|terrible|sudden|sharp|tight|awful|strong|intense|really bad|constant|squeezing|a lot of)\\s+)*(?:chest\\s+(?:pains?|tightness|pressure|discomfort)|pains?\\s+in\\s+(?:my|the|his|her)\\s+chest|pressure\\s+(?:in|on)\\s+(?:my|his|her)\\s+chest)";
const dire =
  "(?:not\\s+breathing|isn't\\s+breathing|stopped\\s+breathing|can'?t\\s+breathe|cannot\\s+breathe|can\\s+not\\s+breathe|(?:is\\s+|'s\\s+)?(?:unconscious|unresponsive|choking|suffocating|drowning|convulsing|turning\\s+blue|seizing|gasping)|turned\\s+blue|(?:won't|will\\s+not|can't|doesn't)\\s+wake\\s+up|(?:just\\s+|has\\s+)?(?:passed\\s+out|collapsed|fainted\\s+and)|having\\s+(?:a|an|another)\\s+(?:\\S+\\s+)?(?:heart\\s+attack|stroke|seizure|fit|anaphyla\\S+|severe\\s+allergic\\s+reaction|asthma\\s+attack)|bleeding\\s+(?:heavily|badly|a\\s+lot|out|and\\s+it\\s+won't\\s+stop|and\\s+won't\\s+stop)|(?:vomiting|throwing\\s+up|coughing\\s+up|spitting)\\s+(?:up\\s+)?(?:a\\s+lot\\s+of\\s+)?blood)";
const someone = `(?:${asker}|he|she|someone|somebody|the\\s+baby|they)`;

/** Signs of danger to life in the asker or someone close, said as happening. */
const danger = [
  rule(
    `my\\s+chest\\s+(?:\\S+\\s+){0,2}?(?:hurts?|aches?|hurting|aching|pains?|painful|tight|tightening|heavy|crushing|burning|pressure)|why\\s+does\\s+my\\s+chest\\s+hurt`,
  ),
  rule(
    `i(?:\\s+am|'m|\\s+have|'ve|\\s+feel|'m\\s+feeling|\\s+had|\\s+have\\s+been|'ve\\s+been)?\\s+(?:(?:got|had|having|been|been\\s+having|just|suddenly|started|getting|still|now|a|some|this|these|feeling)\\s+)*${chest}(?!\\s+(?:last|years?|in\\s+(?:19|20)|before))`,
  ),
  rule(`${kin}\\s+(?:has|is\\s+having|have|'s\\s+having|suddenly\\s+has|woke\\s+up\\s+with)\\s+(?:a\\s+)?${chest}`),
  rule(
    `${someone}(?:\\s+(?:is|am|are|has|have|was|just|suddenly|think|now|currently|barely|keeps?|started|'s))*\\s*(?:'s|'m|'re)?\\s+${dire}`,
  ),
  rule(
    `i\\s+think\\s+(?:that\\s+)?(?:i'm|i\\s+am|${kin}\\s+is)\\s+(?:having|going\\s+to\\s+(?:die|pass\\s+out)|dying)(?:\\s+(?:a|an)\\s+(?:\\S+\\s+)?(?:heart\\s+attack|stroke|seizure|allergic\\s+reaction))?(?!\\s+(?:a|an)\\s+(?!\\S*\\s*(?:heart|stroke|seizure|allergic)))`,
  ),
  rule(
    "my\\s+(?:throat|tongue|airway)\\s+(?:is|feels|keeps)\\s+(?:\\S+\\s+)?(?:closing|swelling|swollen)|my\\s+(?:lips|face)(?:\\s+and\\s+\\S+)?\\s+(?:are|is)\\s+(?:\\S+\\s+)?swelling",
  ),
  rule(
    "(?:my|his|her)\\s+face\\s+(?:is\\s+|has\\s+|feels\\s+)?(?:suddenly\\s+)?(?:droop\\w*|numb)|(?:one|left|right)\\s+side\\s+of\\s+my\\s+(?:face|body)\\s+(?:is|feels|went|has)\\s+(?:\\S+\\s+)?(?:numb|weak|droop\\w*|paraly[sz]ed)|my\\s+(?:\\S+\\s+)?(?:arm|leg|side)\\s+(?:is|went|has\\s+gone|suddenly\\s+went)\\s+(?:suddenly\\s+)?(?:numb|weak|limp|paraly[sz]ed)\\s+and\\s+(?:i\\s+can'?t|my\\s+(?:speech|face|chest))|i\\s+(?:suddenly\\s+)?(?:can't|cannot)\\s+(?:speak|move\\s+my|feel\\s+my|see\\s+out)|my\\s+speech\\s+is\\s+slurred",
  ),
  rule(
    `${kin}'s\\s+(?:face|mouth|speech|smile)\\s+(?:is|has|looks|went|seems)\\s+(?:\\S+\\s+){0,2}?(?:droop\\w*|slurred|crooked|lopsided|numb|paraly[sz]ed)|${kin}\\s+(?:suddenly\\s+)?(?:can't|cannot|can\\s+not)\\s+(?:speak|move\\s+(?:his|her|their)|feel\\s+(?:his|her|their))`,
  ),
  rule(
    "i\\s+(?:have|am\\s+having|'m\\s+having|got)\\s+(?:\\S+\\s+){0,3}?(?:the\\s+)?worst\\s+headache\\s+of\\s+my\\s+life|i\\s+(?:have|'m\\s+having|am\\s+having)\\s+(?:\\S+\\s+)?(?:trouble|difficulty)\\s+breathing|i\\s+(?:am|'m)\\s+struggling\\s+to\\s+breathe",
  ),
  rule(
    "(?:help|ayuda)[\\s,!.]+(?:me|i'm|i\\s+am|my|mi|me\\s+estoy)\\s+(?:\\S+\\s+){0,3}?(?:dying|bleeding|choking|muriendo|sangrando|ahogando)",
  ),
  rule(
    "me\\s+duele\\s+(?:mucho\\s+)?el\\s+pecho|(?:tengo|siento)\\s+(?:un\\s+|mucho\\s+|una\\s+)?(?:dolor|opresi[oó]n|presi[oó]n)\\s+(?:\\S+\\s+){0,2}?en\\s+el\\s+pecho|no\\s+puedo\\s+respirar|me\\s+estoy\\s+(?:ahogando|desangrando|muriendo|asfixiando)",
  ),
  rule(
    "mi\\s+\\S+(?:\\s+\\S+)?\\s+(?:no\\s+(?:respira|responde|despierta|se\\s+despierta)|est[aá]\\s+(?:inconsciente|convulsionando|ahog[aá]ndose|azul|sangrando\\s+mucho)|se\\s+(?:est[aá]\\s+)?(?:ahoga|ahogando|desmay[oó]|asfixia)|tiene\\s+(?:un\\s+)?(?:infarto|dolor\\s+(?:\\S+\\s+)?en\\s+el\\s+pecho|una\\s+convulsi[oó]n))",
  ),
  rule(
    "(?:estoy|est[aá])\\s+(?:teniendo|sufriendo)\\s+un\\s+(?:infarto|derrame|ictus|ataque)|se\\s+me\\s+(?:cierra|est[aá]\\s+cerrando)\\s+la\\s+garganta|tengo\\s+la\\s+cara\\s+(?:ca[ií]da|dormida|paralizada)",
  ),
];

/** General questions in the conditional ("what should I do if someone is choking?") ask for knowledge. */
const hypothetical =
  /\b(?:if|when|whenever|in case|suppose)\s+(?:a|an|the|someone|somebody|people|you|one|children|adults)\b|\b(?:si|cuando)\s+(?:alguien|una?|el|la)\b|\bhow (?:do|would|can) (?:i|you|we) (?:know|tell|recogni[sz]e)\b/i;
/** Years ago, or a plan for another day: nothing that happens now. */
const past =
  /\b(?:years?|months?) ago\b|\blast (?:year|month|summer|winter)\b|\bin (?:19|20)\d\d\b|\bas a (?:child|kid)\b|\bhistory of\b|\bused to\b|\bhace (?:\S+ )?(?:años?|meses)\b/i;

/** Whether somebody needs help now: the asker or someone close, not a patient of the asker's. */
export function emergencyOf(question: string): Emergency | null {
  const plain = plainQuestion(question);
  if (speaksOfPatient(plain)) return null;
  if (suicide.some((pattern) => pattern.test(plain))) return past.test(plain) ? null : "suicide";
  if (past.test(plain) || hypothetical.test(plain)) return null;
  if (poisoning.some((pattern) => pattern.test(plain))) return "poisoning";
  return danger.some((pattern) => pattern.test(plain)) ? "danger" : null;
}
