// The SDK keeps where each promise of a run was made, for the server's pages. Four frames name the line of a process and who
// called it; with the usual ten a worker spends a tenth of its time on writing them down. Set before the SDK freezes what runs share.
Error.stackTraceLimit = 4;
