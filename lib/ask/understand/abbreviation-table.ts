/** A reading of an ambiguous abbreviation, with stems of words that stand beside it when it is meant. */
export interface Reading {
  long: string;
  cues: string[];
}

/** Clinical abbreviations that mean one thing, whatever the question is about. */
const single = `
AAA abdominal aortic aneurysm
ABPM ambulatory blood pressure monitoring
ACEI angiotensin converting enzyme inhibitor
ACEi angiotensin converting enzyme inhibitor
ACL anterior cruciate ligament
ACS acute coronary syndrome
ADHD attention deficit hyperactivity disorder
AKI acute kidney injury
AML acute myeloid leukemia
ARDS acute respiratory distress syndrome
BMI body mass index
BPH benign prostatic hyperplasia
BPPV benign paroxysmal positional vertigo
CABG coronary artery bypass graft
CBT cognitive behavioral therapy
CHF congestive heart failure
CKD chronic kidney disease
CLL chronic lymphocytic leukemia
CML chronic myeloid leukemia
CMV cytomegalovirus
COPD chronic obstructive pulmonary disease
CPAP continuous positive airway pressure
CRRT continuous renal replacement therapy
CTEPH chronic thromboembolic pulmonary hypertension
DKA diabetic ketoacidosis
DMARD disease modifying antirheumatic drug
DOAC direct oral anticoagulant
DVT deep vein thrombosis
EBV Epstein-Barr virus
ECMO extracorporeal membrane oxygenation
eGFR estimated glomerular filtration rate
ESRD end stage renal disease
ESKD end stage kidney disease
GBS Guillain-Barre syndrome
GERD gastroesophageal reflux disease
GORD gastro-oesophageal reflux disease
GDM gestational diabetes mellitus
HCC hepatocellular carcinoma
HCV hepatitis C virus
HBV hepatitis B virus
HELLP hemolysis elevated liver enzymes low platelets
HFpEF heart failure with preserved ejection fraction
HFrEF heart failure with reduced ejection fraction
HPV human papillomavirus
HSV herpes simplex virus
HTN hypertension
IBD inflammatory bowel disease
IBS irritable bowel syndrome
ICD-10 international classification of diseases
ICS inhaled corticosteroid
IHD ischemic heart disease
ITP immune thrombocytopenic purpura
LABA long acting beta agonist
LAMA long acting muscarinic antagonist
LMWH low molecular weight heparin
MGUS monoclonal gammopathy of undetermined significance
MRSA methicillin resistant Staphylococcus aureus
NAFLD nonalcoholic fatty liver disease
NASH nonalcoholic steatohepatitis
NOAC direct oral anticoagulant
NSAID nonsteroidal anti-inflammatory drug
NSCLC non-small cell lung cancer
NSTEMI non-ST elevation myocardial infarction
OCD obsessive compulsive disorder
OSA obstructive sleep apnea
PCOS polycystic ovary syndrome
PONV postoperative nausea and vomiting
PPI proton pump inhibitor
PTSD post-traumatic stress disorder
RSV respiratory syncytial virus
SABA short acting beta agonist
SCLC small cell lung cancer
SIADH syndrome of inappropriate antidiuretic hormone secretion
SLE systemic lupus erythematosus
SNRI serotonin norepinephrine reuptake inhibitor
SSRI selective serotonin reuptake inhibitor
STEMI ST elevation myocardial infarction
SVT supraventricular tachycardia
T1DM type 1 diabetes mellitus
T2DM type 2 diabetes mellitus
TAVI transcatheter aortic valve implantation
TAVR transcatheter aortic valve replacement
TIA transient ischemic attack
TSH thyroid stimulating hormone
UTI urinary tract infection
VTE venous thromboembolism
VZV varicella zoster virus
URTI upper respiratory tract infection
LRTI lower respiratory tract infection
`;

/** Those that mean several things. What none of a question's words points to is left as it is written. */
const several: Record<string, [long: string, cues: string][]> = {
  AF: [
    [
      "atrial fibrillation",
      "anticoagul stroke warfarin apixaban rate rhythm ablat cardiovers heart valv dabigatran edoxaban rivaroxaban vasc bled amiodaron digoxin paroxysm persist atrial",
    ],
    ["amniotic fluid", "pregnanc fetal fetus amnio gestat membran"],
  ],
  ALL: [
    [
      "acute lymphoblastic leukemia",
      "leukemia leukaemia blast chemotherapi asparaginas methotrex bone marrow relaps remiss lymphoblast",
    ],
  ],
  AS: [
    ["aortic stenosis", "valv aortic tavi murmur syncop gradient echocardiographi"],
    ["ankylosing spondylitis", "spine spinal spondyl uveiti hla back sacroiliac biolog nsaid"],
  ],
  CAP: [
    [
      "community acquired pneumonia",
      "pneumonia antibiot amoxicillin macrolid curb respiratori lung hospit sputum doxycyclin",
    ],
  ],
  CF: [["cystic fibrosis", "cftr sweat ivacaftor lung pseudomona pancreat sputum genet newborn"]],
  CP: [
    ["cerebral palsy", "child spastic motor birth botulinum gait prematur"],
    ["chest pain", "troponin coronari ecg acut emerg angina"],
  ],
  DM: [
    [
      "diabetes mellitus",
      "insulin glucos metformin hba1c diabet glycem glycaem sglt2 kidney retinopathi neuropathi foot",
    ],
    ["dermatomyositis", "myosit rash muscl skin gottron"],
  ],
  HF: [
    [
      "heart failure",
      "heart ejection sglt2 diuret bnp spironolacton carvedilol sacubitril cardiac reduc preserv furosemid edema oedema mortal beta blocker",
    ],
  ],
  MI: [
    [
      "myocardial infarction",
      "aspirin clopidogrel statin coronari troponin acut beta blocker pci stent heart cardiac infarct thrombolysi ticagrelor st prior post chest nsaid",
    ],
    ["mitral insufficiency", "mitral valv regurgit prolaps annulus echocardiographi repair"],
    ["motivational interviewing", "interview counsel behavior behaviour smoke cessat adher alcohol"],
  ],
  MS: [
    [
      "multiple sclerosis",
      "sclerosi relaps interferon demyelin neurolog lesion natalizumab ocrelizumab fingolimod glatiram optic neuriti brain vitamin",
    ],
    ["mitral stenosis", "mitral valv rheumat atrial balloon commissurotomi warfarin murmur"],
    ["mass spectrometry", "spectrometri proteom peptid chromatographi"],
  ],
  OA: [["osteoarthritis", "knee hip joint pain cartilag glucosamin arthroplasti exercis nsaid hand"]],
  PD: [
    ["Parkinson's disease", "levodopa dopamin tremor parkinson rigid motor dbs rasagilin pramipexol"],
    ["peritoneal dialysis", "dialysi peritoneal peritoniti cathet hemodialysi haemodialysi ultrafiltr"],
  ],
  PE: [
    [
      "pulmonary embolism",
      "embol dvt anticoagul heparin thrombos thromb dimer wells ct angiographi thrombolysi rivaroxaban apixaban clot",
    ],
    ["pre-eclampsia", "pregnanc preeclampsia eclampsia magnesium gestat proteinuria hypertens aspirin placent matern"],
    ["physical education", "school physic exercis pupil student"],
  ],
  PID: [["pelvic inflammatory disease", "pelvic chlamydia gonorrhea gonorrhoea sexual infertil iud tubal cervic"]],
  PSA: [["prostate specific antigen", "prostat screen cancer biopsi"]],
  PVD: [["peripheral vascular disease", "peripher claudic arteri leg limb amput statin ankl"]],
  PAD: [["peripheral artery disease", "peripher claudic arteri leg limb amput statin ankl cilostazol"]],
  RA: [
    [
      "rheumatoid arthritis",
      "methotrex joint arthriti dmard biolog tnf adalimumab rheumatoid etanercept tofacitinib rituximab synov swollen",
    ],
    ["right atrium", "atrium atrial catheter pressur echocardiographi"],
    ["refractory anemia", "anemia anaemia myelodysplas"],
  ],
  RF: [
    ["rheumatic fever", "streptococc penicillin fever carditi valv"],
    ["radiofrequency ablation", "ablat catheter"],
  ],
  SAH: [["subarachnoid hemorrhage", "aneurysm hemorrhag haemorrhag nimodipin vasospasm headach brain"]],
  SCD: [
    ["sickle cell disease", "sickl hydroxyurea crise crisi transfus vaso hemoglobin haemoglobin"],
    ["sudden cardiac death", "cardiac arrhythmia defibril icd qt ventricular"],
  ],
  TB: [
    [
      "tuberculosis",
      "isoniazid rifampin rifampicin tubercul latent mycobacteri bcg sputum lung ethambutol pyrazinamid",
    ],
  ],
  TBI: [["traumatic brain injury", "brain head concuss intracrani injuri trauma"]],
  UC: [["ulcerative colitis", "colit mesalamin mesalazin bowel colectomi infliximab vedolizumab rectal"]],
  CAD: [["coronary artery disease", "coronari statin angina stent aspirin heart cardiac bypass revascular"]],
  PCI: [["percutaneous coronary intervention", "coronari stent clopidogrel ticagrelor antiplatelet stemi aspirin"]],
  BP: [["blood pressure", "hypertens target systol diastol lower mmhg antihypertens control kidney diabet stroke"]],
};

/** Every abbreviation of the table with its readings, by its capitals. */
export const abbreviationTable: ReadonlyMap<string, readonly Reading[]> = new Map([
  ...single
    .trim()
    .split("\n")
    .map((line): [string, Reading[]] => {
      const space = line.indexOf(" ");
      return [line.slice(0, space).toUpperCase(), [{ long: line.slice(space + 1), cues: [] }]];
    }),
  ...Object.entries(several).map(([short, readings]): [string, Reading[]] => [
    short,
    readings.map(([long, cues]) => ({ long, cues: cues.split(" ") })),
  ]),
]);

/** Ambiguous ones, which need a word of the question that points to their reading. */
export const ambiguous: ReadonlySet<string> = new Set(Object.keys(several));
