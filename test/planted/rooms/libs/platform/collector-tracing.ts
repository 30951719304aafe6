export const collector = 'collector';
