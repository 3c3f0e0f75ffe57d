export function codeWritten(gpa: u64, length: u32): void {}
