// The SDK keeps where each promise of a run was made, for the server's pages. Four frames name the line of a process and who
// called it; the usual ten cost a worker a tenth more. Set before the SDK freezes what runs share.
Error.stackTraceLimit = 4;
