import { plainQuestion } from "./people.ts";

/** Words, beginnings and endings that only questions about health hold; one of them keeps a question here. */
const medicalBeginnings =
  `abdom abort absces accident ache acid acne acute addict adhd administ adult adverse age aids airway alcohol allerg alzheim amput anaem anaesth anal anat
  anem anesth angi ankle anti anxi aort append arrhyth arter arthr asthma atrial autis autops baby babies back bacter biops birth bladder bleed blind blood bmi body bone
  bowel brain breast breath bronch bruis burn cancer canna capsul carb card care caries catar cell cerebr cervi chem chest child cholest chron cigar circul clin clot coag cognit
  colic colon coma comorb condition congen constip consult contag contra cough covid cpr cramp creatin cure cyst dead deaf death dehydr delir dement dent depress derm diabet diagn dialy diarr
  diet digest disab disch diseas disord dizz doctor donor dosag dose dosing drink drug dysp ear eczema eff elder electrol embol embry emerg endo epid epil estrog exam exerc
  exposure eye face faint fat fatig fertil fetal fetus fever fib finger flu foetal follow-up food foot fract fung gall gastr gene genit gland gluc gout growth gut haem hair
  hand head heal hear heart hem hepat hered herni hip hormon hospice hospit hpv hiv hygien hyper hypo immun impair implant incid incont indigest infant infect infert inflam influenz inhal inject injur
  insom insul intensive intern intest intra intub isch itch jaund joint kidney knee lab lesion lethal leuk lifest limb lipid lipo liver lung lymph malar malign mammo mask mast matern measl medic
  melan mening menop menstr mental metab micro migrain mineral miscarr mmr mole monitor morbid mortal mouth mri mucos mumps muscl myel myo nail nasal nausea neck neon neph nerv neur nicot nose
  numb nurs nutri obes obst ocul old older oncol operat ophth opioid oral organ ortho osteo outbreak outcome ovar overdos oxygen pacem pain palli pancr pandem paral parasit parkin path patient pee pediatr paediatr
  pelvi penic pept pharm phobia physi pill placeb plasma platel pneum poison pollen polyp postp potass pox preg pregn prem prescr press prevent prevalence procedure prognos prolact prophyl prost prote psori psych puberty pulm
  puls pump quarantine radio rash recov reflux rehab relapse renal resist resp resusc retin rheum risk salt scan schiz sciat screen seiz semen sepsis septic serum sex shingles shock sick side
  sinus skin sleep smok sodium sore spasm sperm spin spleen sprain sputum stat sten ster stom strok suicid sugar surg surviv swallow sweat swell swollen sympt syndr syph tablet tachy tampon teeth
  testic tetan therap throat thromb thyro tick toe tonsil tooth tox transf transm transpl trauma treat trem trial triag triglyc tuberc tumo ulcer ultras umbil unwell ureth urin uter vaccin vagin vape
  valv varic vascul vein venom ventil vertig vir vision vitam vomit walk weigh rehydr well wheez womb wound xray x-ray yeast safe safety health healthy salud dolor enferm tratam síntom pacient embaraz hijo niñ sangre coraz`.split(
    /\s+/,
  );
const medicalShape =
  /(?:itis|osis|emia|aemia|oma|omas|pathy|algia|ectomy|otomy|ostomy|oscopy|plasty|rrhea|rrhoea|uria|penia|plegia|phagia|mab|nib|pril|sartan|statin|olol|azole|cillin|mycin|floxacin|cycline|prazole|gliptin|gliflozin|tidine|triptan|setron|parin|xaban|grel|dipine|zosin|barbital|azepam|zolam|caine|vir|dronate|glutide|formin|semide|thiazide|lukast|profen|oxetine|ipramine|triptyline|azine|idone|apine|thyroxine|sone|solone|feron|stim|poietin|pidem|clone)$/i;

/** What is plainly about something else: a task for a writer, translator or programmer, or a subject of another field. */
const otherMatters = [
  /\b(?:write|draft|compose|create|generate|provide|make|tell|give|develop|deliver)\b.{0,30}\b(?:poem|haiku|song|lyrics|story|stories|joke|essay|speech|letter|e-?mail|tweet|slogan|blog|novel|limerick|script|screenplay|rap|riddle|resume|cv|cover letter|advertisement)\b/i,
  /\b(?:translate|translation of)\b|\bhow (?:do|would) (?:you|i) say\b.{0,40}\bin (?:\p{Lu}\p{L}+)|\b(?:equivalent|word) for\b.{0,40}|\bwhat(?:'s| is) .{1,40} in (?:japanese|english|french|german|spanish|russian|chinese|italian|arabic|portuguese|korean|latin|hindi)\b/iu,
  /\b(?:python|javascript|typescript|java|php|c\+\+|html|css|sql|mysql|react|node\.?js|linux|windows|macos|excel|iphone|android|github|docker|algorithm|compiler|programming|source code|recursion|regex|api key|wi-?fi|laptop|smartphone|router|website|web site|software|app store|password|operating system)\b/i,
  /\b(?:capital|president|prime minister|king|queen|population|currency|flag|language|mayor|government|anthem|largest city|tallest|longest river|highest mountain)\b.{0,30}\b(?:of|in)\b\s+(?:the\s+)?\p{Lu}/u,
  /\b(?:world war|civil war|cold war|french revolution|roman empire|renaissance|middle ages|world cup|olympics?|super bowl|champions league|premier league|nba|nfl|fifa|football match|tennis|cricket|chess|basketball|soccer)\b/i,
  /\b(?:romeo and juliet|hamlet|shakespeare|harry potter|star wars|gatsby|mona lisa|beatles|mozart|taylor swift|netflix|movie|movies|film|films|actor|actress|novel|painting|album|singer|band|tv show|video game|playstation|xbox)\b/i,
  /\b(?:weather|forecast|rain(?:ing)?|snow(?:ing)?)\b.{0,25}\b(?:today|tomorrow|in|this|like)\b|\b(?:stock|stocks|share price|bitcoin|crypto\w*|mortgage|interest rates?|inflation|gdp|income tax|tax return|invest(?:ing|ment)?|exchange rate|dollars?|euros?)\b/i,
  /\b(?:theory of relativity|quantum|black holes?|photosynthesis|solar panels?|solar system|planets?|galax(?:y|ies)|quadratic|equations?|calculus|algebra|geometry|pythagor\w+|square root|prime numbers?|derivative of|integral of|periodic table|dinosaurs?|butterfl(?:y|ies)|volcano(?:es)?|climate change|gravity|speed of light|internal combustion|moon landing)\b/i,
  /\b(?:recipe|bake|baking bread|cook(?:ing)? (?:a|an|the|pasta|rice)|restaurants?|hotels?|flights?|airline|travel to|vacation|tourist|visa|car engine|change a tire|tyre|plumbing|furniture|garden(?:ing)?|lawn|divorce|lawsuit|contract law|copyright|elections?|vote|politician|political party|religion|bible|horoscope|zodiac)\b/i,
  /\b(?:who (?:wrote|painted|invented|discovered america|won|directed|composed|sang|is the (?:president|king|queen|ceo))|what year did|when did .{1,40} (?:end|begin|die|win)|how tall is|how far is|how old is|what time is it)\b/i,
  /\b(?:capital|presidente|rey|reina|moneda|población)\b.{0,20}\bde\b\s+(?:la\s+|el\s+)?\p{Lu}|\b(?:traduce|traducir|escribe|escríbeme|cuéntame)\b.{0,30}\b(?:poema|cuento|chiste|historia|carta|canción|ensayo|al inglés|al francés|frase)\b|\b(?:quién (?:escribió|pintó|ganó|inventó)|qué tiempo (?:hace|hará)|fútbol|película|receta de|programar|guerra mundial)\b/iu,
];

/**
 * Whether a question is plainly about something else than medicine. Asked only where the search found nothing near: a
 * list of words is a weak judge, so one word that health may know keeps the question.
 */
export function isOutsideMedicine(question: string): boolean {
  const plain = plainQuestion(question);
  if (!otherMatters.some((pattern) => pattern.test(plain))) return false;
  // eGFR, mRNA, HbA1c, B12.
  if (/(?<!\p{L})\p{Ll}{1,2}\p{Lu}{2,}|\p{L}\d/u.test(plain)) return false;
  const words = plain.toLowerCase().match(/\p{L}[\p{L}\p{N}-]*/gu) ?? [];
  return !words.some((word) => isMedical(word));
}

const beginnings = medicalBeginnings.filter(Boolean).sort((left, right) => right.length - left.length);
/** Everyday words that begin like a medical one. */
const everyday = new Set(
  `action actions actor actors age ages agent anti antique antivirus artist artists artery back backend background bank body bone brainstorm capital card cards care career carefully cars cart carbon carry cat cell cellphone child
  children circle class condition conditions consult container contract contrast control cook cover credit cured data date day dead deadline death deep design develop developer diet difference different digit direct director discord
  drink drinks effect effective efficient elder eff effort emerging end endless engine enter equation exam example examples examined exercise eye face facebook factor factorial fat fatal fib fibonacci final finger follow food foot football footage
  general generate generated generally generation genesis gene genre gland growth hand handle head header heading headline heal hear heart heartbeat help hip hiphop hospitality implement implementation inject injection internet intern internal international
  intranet italy lab labour language law learn letter letters lip lipstick list live lives live living love lyrics machine male map mark market mask master mastering match material math medieval memory mental mineral miner minister mole monitor
  mortgage mouth movie mri nail nasal nation nose number old older oldest open operate operating operator operation oral organ organic organise organization organize organized original outcome pace pain paint path pathname patient
  pay physics physical physicist plan planet plant plants play player poem point pop popular population portugal press pressing president pretty prevent price print private problem procedure program project prose protect protein
  protest public pump python question radio radioactive rain read rest result risk river road rock roman room rule run russia safe safety salt scan school science scientific score scratch screen screenplay screenshot script second sex sexual shock shocking
  short side sidebar simple sing site skin sleep social solar song space speech sport stat state states static statistics status station stock stomach stop storm story street strong structure student style sugar summer sun surgery
  swift system tall tax team tech test text theory therapist tick ticket time title today toe toefl top total tour town trade train training transfer transform translate translation transmission travel treat tree trial trip turn type united university use user
  value version vertical video vir virtual virtue virus vision visual vote walk wall war water wave way weather web week weigh well west wind windows win winner winning word words work works world worldcup write written year young`.split(
    /\s+/,
  ),
);

function isMedical(word: string): boolean {
  if (everyday.has(word)) return false;
  return medicalShape.test(word) || beginnings.some((beginning) => word.startsWith(beginning));
}
