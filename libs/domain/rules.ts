import type { RuleId } from './refusal.js';

/** How sure a rule is: `S` demanded by a standard, `P` practice, `U` open to reading. */
export type RuleTag = 'S' | 'P' | 'U';

/** A rule in one sentence of our own. The licensed texts stand elsewhere. */
export interface Rule {
  readonly says: string;
  readonly tag: RuleTag;
}

const S = (says: string): Rule => ({ says, tag: 'S' });
const P = (says: string): Rule => ({ says, tag: 'P' });
const U = (says: string): Rule => ({ says, tag: 'U' });

const beforeCertification = {
  'R-GEN-1': S('People decide; Perennial reminds, blocks, proposes, and ends a validity that ends by time.'),
  'R-GEN-2': S('A certificate covers a management system in a scope, never an AI system or a product.'),
  'R-GEN-3': P('A programme works under one version of the rules, and changes it only by an act on record.'),
  'R-GEN-4': S('A body may be stricter than the rules, never looser.'),
  'R-GEN-5': P('The status of any day can be told from the history.'),
  'R-GEN-6': S('A programme joins one client and one body; they share facts, never authority.'),
  'R-APP-1': S('The application gives scope, organisation, sites, outsourcing, standard and consultancy.'),
  'R-APP-2': S('It also gives AI systems, roles towards them, people, purposes and jurisdictions.'),
  'R-APP-3': S('The body reviews an application before it accepts or declines it, and says why.'),
  'R-AGR-1': S('An enforceable agreement covers all sites before any audit.'),
  'R-PRG-1': S('One audit programme spans the whole cycle and is kept current with reasons.'),
  'R-PRG-2': S('Each cycle begins with a decision.'),
  'R-PRG-3': S('Every clause and every applicable control is covered over the cycle.'),
  'R-TIM-1': S('Audit time is determined for each client, with its reasons, without the time of experts.'),
  'R-MS-1': S('Sites are sampled by a recorded rationale, and the central function is always audited.'),
  'R-TEAM-1': S('A team is chosen for competence and impartiality; experts work under an auditor.'),
  'R-TEAM-2': S('The client learns the names of the team in time to object.'),
  'R-PLAN-1': S('Each audit has a plan, and its dates are agreed with the client beforehand.'),
  'R-SEL-1': P('A body is chosen among candidates that were scored, by a dated look at its accreditation.'),
} as const satisfies Partial<Record<RuleId, Rule>>;

const readiness = {
  'R-RDY-1': P('A step of readiness is done only with its evidence, and by its approver.'),
  'R-RDY-2': P('Ready for Stage 1 is who has done or waived steps 1 to 6 and has no major of its own open.'),
  'R-RDY-3': P('Steps may overlap, but some need others first.'),
  'R-RDY-4': P('Nearly all roles in scope are trained before operation counts as done.'),
  'R-RDY-5': P('The management review comes after the internal audit, and internal majors are closed.'),
  'R-CTX-1': S('Context, parties, climate, roles, systems and scope are determined and kept in versions.'),
  'R-POL-1': S('Top management approves the AI policy.'),
  'R-RSK-1': S('Risk criteria come first.'),
  'R-RSK-5': S('Management approves the treatment plan and accepts what risk remains.'),
  'R-SOA-1': S('Only controls can be excluded, with a justification; clauses never.'),
  'R-SOA-2': S('The statement of applicability covers every control.'),
  'R-AIA-1': S('The impacts of each AI system in scope are assessed.'),
  'R-DOC-1': S('What the standard wants in writing is there, approved and in force.'),
  'R-KPI-1': S('It is settled what is measured, how and when, and measured.'),
} as const satisfies Partial<Record<RuleId, Rule>>;

const audits = {
  'R-S1-1': S('Stage 1 concludes on all of its objectives.'),
  'R-S1-2': S('Stage 1 gives a documented conclusion with areas of concern, and grades nothing.'),
  'R-S1-3': U('Stage 1 looks at scope, roles, policy, risk method, applicability, impact and inventory.'),
  'R-S1-4': P('Six months after Stage 1 somebody judges whether its result still stands.'),
  'R-S1-5': S('After a significant change it is considered whether Stage 1 is repeated.'),
  'R-S1-6': P('Stage 1 and Stage 2 follow on each other at once only with a reason on record.'),
  'R-S2-1': S('Stage 2 judges implementation and effectiveness over all requirements.'),
  'R-S2-2': S('Stage 2 comes only after a Stage 1 that concluded as ready and still stands.'),
  'R-S2-3': P('The client shows some months of operation before Stage 2.'),
  'R-S2-4': S('The team agrees its conclusions and recommends; it never decides.'),
  'R-S2-5': S('Objectives out of reach or an immediate risk are reported, and the action is recorded.'),
  'R-FND-1': S('A nonconformity is major when the system may miss its intended results, otherwise minor.'),
  'R-FND-2': S('A nonconformity names one requirement, states it and shows evidence, without a solution.'),
  'R-FND-3': S('A nonconformity is never recorded as an opportunity for improvement.'),
  'R-FND-4': S('The client analyses the cause and plans correction and corrective action in due time.'),
  'R-FND-5': S('The body reviews plans, verifies that they worked, and tells the result.'),
  'R-FND-6': P('A minor that is not effectively closed at the next audit becomes a major.'),
  'R-FND-7': P('An opportunity or observation owes nothing; it is adopted or declined with a reason.'),
  'R-FND-8': P('Being late decides nothing by itself; it proposes a decision.'),
  'R-RPT-1': S('Each audit has a report, which the body owns and the leader answers for.'),
  'R-RPT-2': S('The report has every field that the standard lists.'),
  'R-RPT-3': S('The report states conformity, effectiveness, fitness of the scope, and objectives reached.'),
  'R-RPT-4': P('The report names the statement of applicability, the AI systems sampled and the methods.'),
  'R-RPT-5': P('The client has the report soon after the closing meeting.'),
} as const satisfies Partial<Record<RuleId, Rule>>;

const decisions = {
  'R-DEC-1': S('Whoever decides is competent and did not carry out the audits.'),
  'R-DEC-2': S('Before a decision each major is verified and each plan for a minor is accepted.'),
  'R-DEC-3': S('A first decision rests on a complete dossier.'),
  'R-DEC-4': S('A major not verified six months after the last day of Stage 2 needs another Stage 2.'),
  'R-DEC-5': S('A renewal rests on the audit, a review of the cycle, and complaints.'),
  'R-DEC-6': S('Every decision is recorded, with what was asked in addition.'),
  'R-DEC-7': S('A refusal is told with its reasons and with the way to appeal.'),
  'R-DEC-8': P('A decision follows soon after the dossier is complete.'),
  'R-CRT-1': S('A certificate has its full content and takes effect on or after the decision.'),
  'R-CRT-2': P('After a lapse a certificate shows what lay between.'),
  'R-CRT-3': U('A certificate names the statement of applicability and the roles towards AI.'),
  'R-CRT-4': S('A certificate is valid for three years at most, and its expiry is derived.'),
  'R-CRT-7': S('Marks are used only as licensed and only while the certificate is valid.'),
  'R-CRT-8': S('An accredited body issues no other certificate in that scheme; any other is marked so.'),
  'R-SUR-1': S('The first surveillance comes within twelve months of the decision.'),
  'R-SUR-2': S('Every calendar year has a surveillance, but for the year of recertification.'),
  'R-SUR-2b': U('The programme has a surveillance in the first and the second year.'),
  'R-SUR-2c': P('A body may audit more often than the rules ask.'),
  'R-SUR-3': S('A surveillance looks at eight points at least.'),
  'R-SUR-3b': U('It looks at changes of AI systems, assessments, incidents and new projects too.'),
  'R-SUR-4': S('After a surveillance with a major, people outside the audit review before it is maintained.'),
  'R-SUR-5': P('A major of a surveillance is verified within the time that the body sets.'),
  'R-SUR-6': S('Between audits the body may enquire.'),
  'R-REC-1': S('Recertification is planned in due time, and considers the whole cycle.'),
  'R-REC-2': S('Significant changes may need a Stage 1 before recertification.'),
  'R-REC-3': S('Majors of a recertification are verified before the certificate expires.'),
  'R-REC-4': S('A renewal in time may keep the anniversary of the old expiry.'),
  'R-REC-5': S('What is not decided before expiry is not extended.'),
  'R-REC-6': S('After expiry certification can be restored for six months; then it takes a Stage 2.'),
  'R-REC-7': S('Between expiry and restoration the client is not certified.'),
  'R-CHG-1': S('The client tells the body of changes without delay, and the body decides what follows.'),
} as const satisfies Partial<Record<RuleId, Rule>>;

const mechanics = {
  'R-MD1-2': S('The least sample of sites follows the root of their number; a quarter is drawn at random.'),
  'R-MD1-3': S('Where sampling does not fit, every site is audited.'),
  'R-MD1-4': S('A nonconformity at one site is looked for at the others, and a major blocks them all.'),
  'R-MD1-5': S('Time at a sampled site is reduced by half at most.'),
  'R-MD4-1': S('Remote methods are agreed, secured and assessed first, and judged afterwards.'),
  'R-MD5-1': S('Audit time comes from a loaded table; each factor is justified and the sum is capped.'),
  'R-MD5-2': S('Factors are not heaped beyond the cap; raw and capped sum are both kept.'),
  'R-MD11-1': S('An integrated audit is reduced by a fifth at most.'),
  'R-IMP-1': S('Threats to impartiality are known and decided on.'),
  'R-IMP-2': S('A body that advised or audited internally certifies nobody within two years.'),
  'R-IMP-3': S('Whoever advised the client takes no part for two years after the advice ended.'),
  'R-IMP-4': S('Everybody declares conflicts for each assignment.'),
  'R-CMP-1': S('People of the body work only in functions for which their competence stands.'),
  'R-CNF-1': S('If records are withheld, the body decides whether the audit is still possible.'),
  'R-RECORD-1': S('Records are kept for the current cycle and one more.'),
  'R-EVD-1': P('Evidence is known by its hash and never overwritten.'),
  'R-EVD-2': P('Every fact says who, in which role, when, why and by which rules.'),
  'R-NCA-1': S('A nonconformity is corrected, its cause removed, and the effect looked at.'),
  'R-LSN-1': P('What was learnt is captured and shared.'),
} as const satisfies Partial<Record<RuleId, Rule>>;

const calendar = {
  'R-CAL-1': P('Deadlines are civil dates in the governing zone; what happens has an instant.'),
  'R-CAL-2': P('A deadline is met on its day; overdue begins with the next.'),
  'R-CAL-3': P('Months are added to the first anchor, clamped to the end of the month.'),
  'R-CAL-5': P('Expiry is the last valid day.'),
  'R-CAL-6': P('A renewal keeps the anniversary, or begins with its decision.'),
  'R-CAL-7': S('A gap before restoration stays a gap for ever.'),
  'R-CAL-8': U('The years that need a surveillance follow from the first and the last of a cycle.'),
  'R-CAL-9': P('The window for planning ends at the hard date.'),
  'R-CAL-10': P('A hard date has no grace.'),
  'R-CAL-11': P('Soft dates roll to a working day, hard dates never.'),
  'R-CAL-13': P('Of two deadlines the earlier one rules, and both stay visible.'),
  'R-CAL-14': P('A date may lie before its recording with a reason; a decision never before its evidence.'),
  'R-CAL-16': P('The nth date of a series counts from its anchor; a missed one stays missed.'),
  'R-CAL-15': P('A moved anchor moves what depends on it, and repeats no reminder.'),
  'R-CAL-17': P('Status is computed from dates, whenever it is recorded.'),
  'R-CAL-18': P('A programme has one governing zone.'),
  'R-CAL-19': P('The last day of an audit is the day of its last activity, where that was.'),
  'R-CAL-20': P('Every date can be explained.'),
} as const satisfies Partial<Record<RuleId, Rule>>;

const separation = {
  'SOD-1': S('Who decides was in no team of the audits behind the decision.'),
  'SOD-2': S('Who reviews or monitors a surveillance was not in its team.'),
  'SOD-5': S('Ties to the client bar from audit, review and decision for two years after they ended.'),
  'SOD-7': P('The owner of an action does not verify it.'),
  'SOD-8': P('Who approves something did not write it.'),
  'SOD-9': S('An expert never signs as auditor, and raises no findings.'),
  'SOD-10': P('One human acts on one side of a programme.'),
  'SOD-11': P('Commercial roles have no part in decisions.'),
  'SOD-12': P('An administrator of the system holds no role in certification.'),
  'SOD-15': P('A role or a task is handed over with an end, once; what bars either of the two bars both.'),
} as const satisfies Partial<Record<RuleId, Rule>>;

const readings = {
  'I-1': U('A surveillance counts on its last day.'),
  'I-2': U('An audit over New Year counts for the year of its last day.'),
  'I-3': U('A missed date of the second year is a deviation while each year has its surveillance.'),
  'I-4': U('The first surveillance of a later cycle has a date of the programme.'),
  'I-5': U('Later cycles count their years from the recertification audit.'),
  'I-6': U('The decision itself lies within the window to restore.'),
  'I-7': U('A decision on the last valid day is in time.'),
  'I-8': U('The window to restore ends six months after expiry, that day included.'),
  'I-9': U('Applicability and AI roles stand on every certificate.'),
  'I-10': U('No reductions of audit time unless the loaded table allows them.'),
  'I-11': U('Every addition for AI is mandatory in an application.'),
  'I-12': U('The lists of checks for AI are mandatory, and a body may add to them.'),
  'I-13': U('A programme may be on hold before certification; no clock stops.'),
  'I-16': U('When nobody objects in time, the body confirms the team.'),
  'I-17': U('The window ends with the target, two months before the date.'),
  'I-18': U('An audit after its hard date is held, and closes what was owed as late.'),
  'I-20': U('The number of a certificate stays, and its versions run on.'),
  'I-21': U('A renewal more than six months early begins with its decision.'),
  'I-22': U('The leader records what was withheld, and the body decides whether to go on.'),
  'I-23': U('Top management may waive the steps that are its own, with a reason; never those of the audits.'),
  'I-24': U('The last day of a look-back still counts.'),
  'I-25': U('A dispute stops no clock.'),
  'I-30': U('A committee decides by more than half of its members, two at least.'),
  'I-33': U('Reminders that were missed go out as one notice that names them.'),
  'I-34': U('After another Stage 2 the six months begin with its last day.'),
  'I-35': U('A Stage 2 in parts ends with its last part.'),
  'I-38': U('After the window it goes on with a Stage 2, or ends.'),
} as const satisfies Partial<Record<RuleId, Rule>>;

const invariants = {
  'INV-1': S('No certificate is active without a decision by people outside the audits.'),
  'INV-2': S('No certificate takes effect before its decision.'),
  'INV-3': S('Nothing is granted while a major is not verified.'),
  'INV-4': S('On no date is a certificate both expired and in force.'),
  'INV-5': S('Expiry never moves later without a decision to renew.'),
  'INV-7': P('Each change of status has a fact, and the facts give the same state again.'),
  'INV-8': P('Nobody approves their own work.'),
  'INV-9': P('Each version of a certificate names its scope and its statement of applicability.'),
  'INV-10': P('No hard date comes without a reminder.'),
  'INV-13': P('Nothing that happened lies ahead of its recording.'),
} as const satisfies Partial<Record<RuleId, Rule>>;

const ofMachines = {
  'SM-0': P('The life of a certification programme.'),
  'SM-1': P('The steps of a client on its way to a certificate.'),
  'SM-2': P('The life of a Stage 1.'),
  'SM-3': P('The life of a Stage 2.'),
  'SM-4': P('The life of a finding and its corrective action.'),
  'SM-5': P('The life of a decision.'),
  'SM-6': P('The life of a certificate.'),
  'SM-7': P('The life of a surveillance.'),
  'SM-8': P('The life of a recertification.'),
  'SUP-0': P('Accounts, roles, tasks, evidence and notices, on which everything stands.'),
  'SUP-4': P("The register of competence of a body's people."),
  'SUP-5': P('The calculation of audit time, with a second approver where much is taken off.'),
} as const satisfies Partial<Record<RuleId, Rule>>;

/** Every rule that the machines built so far name, by its id; an id is never used for another rule. (R-GEN-8) */
export const rules: Readonly<Partial<Record<RuleId, Rule>>> = {
  ...{ ...beforeCertification, ...readiness, ...audits, ...decisions, ...mechanics },
  ...{ ...calendar, ...separation, ...readings, ...invariants, ...ofMachines },
};
