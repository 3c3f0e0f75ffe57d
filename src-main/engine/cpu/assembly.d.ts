// The one AssemblyScript type in the core's tables of constants (core/ops.ts, core/tables.ts), which TypeScript reads too.
declare type u32 = number;
