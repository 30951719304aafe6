import type { RungParts, Words } from './words.js';

const days = ({ n, unit }: RungParts): string =>
  `${n} ${unit === 'days' ? '' : 'Arbeits'}${unit === 'days' ? (n === 1 ? 'Tag' : 'Tage') : n === 1 ? 'tag' : 'tage'}`;

/** What mails say in German. */
export const german: Words = {
  owed: {
    'signature of the agreement while the proposal is valid':
      'Unterschrift unter die Vereinbarung, solange das Angebot gilt',
    'decision on the first certification': 'Entscheidung über die Erstzertifizierung',
    'a progress review': 'eine Fortschrittsprüfung',
    'acceptance of the team, or an objection': 'Zustimmung zum Auditteam oder ein Einwand',
    'audit plan to the client': 'Auditplan an den Kunden',
    'report of the audit to the client': 'Auditbericht an den Kunden',
    'a new declaration of conflicts of interest': 'eine neue Erklärung über Interessenkonflikte',
    'answers to the areas of concern': 'Antworten auf die Bedenken',
    'judgement whether the result of Stage 1 still holds': 'Urteil, ob das Ergebnis der Stufe 1 noch gilt',
    'Stage 2 on this result of Stage 1': 'Stufe 2 auf dieses Ergebnis der Stufe 1',
    'plan for correction and corrective action': 'Plan für Korrektur und Korrekturmaßnahme',
    'review of the plan': 'Prüfung des Plans',
    'review of the evidence': 'Prüfung der Nachweise',
    'look at the effectiveness of the corrective action': 'Prüfung der Wirksamkeit der Korrekturmaßnahme',
    'verified correction and corrective action of a major':
      'verifizierte Korrektur und Korrekturmaßnahme einer Hauptabweichung',
    'verification of a major within six months of Stage 2':
      'Verifizierung einer Hauptabweichung binnen sechs Monaten nach Stufe 2',
    'verification of a major before the certificate expires':
      'Verifizierung einer Hauptabweichung vor Ablauf des Zertifikats',
    'decision on the dossier': 'Entscheidung über das Dossier',
    'decision before the certificate expires': 'Entscheidung vor Ablauf des Zertifikats',
    'restoration after expiry': 'Wiederherstellung nach dem Ablauf',
    'acknowledgement of the instructions for marks': 'Bestätigung der Anweisungen für Zeichen',
    'surveillance by the date of the programme': 'Überwachung zum Termin des Programms',
    'surveillance audit': 'Überwachungsaudit',
    'information on changes since the last audit': 'Angaben zu Änderungen seit dem letzten Audit',
    'what follows from a missed surveillance': 'die Folge einer versäumten Überwachung',
    'start of the recertification': 'Beginn der Rezertifizierung',
    'recertification audit': 'Rezertifizierungsaudit',
    'decision on the recertification': 'Entscheidung über die Rezertifizierung',
    'somebody who may do this task': 'jemand, der diese Aufgabe tun darf',
    'the step charter': 'der Schritt Auftrag',
    'the step scope': 'der Schritt Anwendungsbereich',
    'the step gap analysis': 'der Schritt Lückenanalyse',
    'the step policies, treatment and controls': 'der Schritt Politik, Behandlung und Maßnahmen',
    'the step documentation': 'der Schritt Dokumentation',
    'the step operation': 'der Schritt Betrieb',
    'the step internal audit and management review': 'der Schritt internes Audit und Managementbewertung',
    'the step choice of the certification body': 'der Schritt Wahl der Zertifizierungsstelle',
    'the step Stage 1': 'der Schritt Stufe 1',
    'the step findings': 'der Schritt Feststellungen',
    'the step Stage 2': 'der Schritt Stufe 2',
    'the step certificate': 'der Schritt Zertifikat',
    'the step maintenance': 'der Schritt Aufrechterhaltung',
  },
  afterwards: {
    'signature of the agreement while the proposal is valid': (day) =>
      `Nach dem ${day} gilt das Angebot nicht mehr.`,
    'acceptance of the team, or an objection': (day) =>
      `Nach dem ${day} wird kein Einwand gegen das Auditteam mehr angenommen.`,
    'a new declaration of conflicts of interest': (day) => `Nach dem ${day} zählt die Erklärung nicht mehr.`,
    'Stage 2 on this result of Stage 1': (day) =>
      `Nach dem ${day} kann Stufe 2 nicht mehr auf diesem Ergebnis der Stufe 1 beruhen.`,
    'verification of a major within six months of Stage 2': (day) =>
      `Nach dem ${day} muss Stufe 2 wiederholt werden, bevor ein Zertifikat erteilt werden kann.`,
    'verification of a major before the certificate expires': (day) =>
      `Das Zertifikat läuft nach dem ${day} ab und wird nicht erneuert, solange eine Hauptabweichung offen ist.`,
    'decision before the certificate expires': (day) =>
      `Nach dem ${day} ist das Zertifikat nicht mehr gültig.`,
    'restoration after expiry': (day) =>
      `Nach dem ${day} kann das Zertifikat nicht mehr wiederhergestellt werden.`,
    'surveillance audit': (day) =>
      `Nach dem ${day} gilt die Überwachung als versäumt, und über die Folge für das Zertifikat ist zu entscheiden.`,
  },
  role: {
    'top-management': 'oberste Leitung',
    'aims-manager': 'Leitung des KI-Managementsystems',
    'process-owner': 'Prozessverantwortung',
    'ai-system-owner': 'Verantwortung für ein KI-System',
    'internal-auditor': 'internes Audit',
    employee: 'Belegschaft',
    'programme-manager': 'Programmleitung',
    'lead-auditor': 'Auditleitung',
    auditor: 'Auditteam',
    'technical-expert': 'Fachkunde im Auditteam',
    'decision-maker': 'Zertifizierungsentscheidung',
    'scheme-administrator': 'Verwaltung des Zertifizierungsprogramms',
    signatory: 'Zeichnungsberechtigung',
    'system-administrator': 'Systemverwaltung',
    observer: 'Beobachtung',
  },
  kind: {
    programme: 'Zertifizierungsprogramm',
    'readiness-step': 'Vorbereitungsschritt',
    audit: 'Audit',
    nonconformity: 'Abweichung',
    dossier: 'Dossier',
    certificate: 'Zertifikat',
    surveillance: 'Überwachung',
    recertification: 'Rezertifizierung',
    task: 'Aufgabe',
  },
  onTheDay: 'am Tag selbst',
  rung: (parts) => `${days(parts)} ${parts.side === 'before' ? 'vorher' : 'überfällig'}`,
  subject: (what, day) => `${what} bis ${day}`,
  late: 'Verspätet: ',
  before: {
    hard: (day) => `Nach dem ${day} ist es zu spät: Das ist ein fester Termin, ohne Nachfrist.`,
    soft: (day, told) =>
      told === ''
        ? `Geschieht bis zum ${day} nichts, ist es überfällig.`
        : `Geschieht bis zum ${day} nichts, ist es überfällig, und an diesem Tag erfahren es: ${told}.`,
  },
  passed: {
    hard: (day) => `Das war bis zum ${day} zu tun, einem festen Termin, der verstrichen ist.`,
    soft: (day) => `Das war bis zum ${day} zu tun und ist überfällig.`,
  },
  lateSince: (day, reminders) =>
    `Diese Mitteilung kommt verspätet. Sie steht für diese Erinnerungen, von denen die erste am ${day} ausfiel: ${reminders}.`,
  label: {
    owed: 'Zu tun',
    about: 'Für',
    by: 'Bis',
    asked: 'Gefragt',
    rule: 'Regel',
    reminder: 'Erinnerung',
    next: 'Nächste Erinnerung',
  },
  kindOfDate: { hard: 'fester Termin', soft: 'weicher Termin' },
  why: 'Sie bekommen das, weil Sie eine der gefragten Rollen innehaben.',
  open: 'In Perennial öffnen',
  nothingIsDone: 'Durch Öffnen des Verweises oder eine Antwort auf diese Mail geschieht nichts.',
  digest: {
    subject: (count, day) => `Perennial: ${count} ${count === 1 ? 'Erinnerung' : 'Erinnerungen'}, ${day}`,
    lead: (count) =>
      count === 1 ? 'Eines ist zu tun.' : `${count} Dinge sind zu tun; das früheste steht vorn.`,
    why: 'Sie bekommen das, weil Sie eine gefragte Rolle innehaben und Erinnerungen gesammelt haben möchten.',
    open: 'Ihre Aufgaben in Perennial öffnen',
  },
  link: {
    invitation: (organisation) => ({
      subject: `${organisation}: Ihr Konto bei Perennial`,
      why: `${organisation} hat bei Perennial ein Konto für Sie angelegt.`,
      life: 'sieben Tage lang',
    }),
    reset: {
      subject: 'Ein neues Passwort für Perennial',
      why: 'Jemand, wahrscheinlich Sie selbst, hat ein neues Passwort für diese Adresse verlangt.',
      life: 'eine Stunde lang',
    },
    set: 'Setzen Sie hier Ihr Passwort',
    alone: (life) =>
      `Der Verweis ist für Sie allein, gilt einmal und ${life}. Erwarten Sie keine solche Mail, lassen Sie sie liegen: Es ändert sich nichts.`,
  },
};
