export interface CertificateData {
  number: string;
}
