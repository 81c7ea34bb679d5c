export function paint(name: string, text: string): string;
