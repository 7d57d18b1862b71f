namespace Peregrine.Interop.Tests.Processes;

/// <summary>What a program did that ran to its end.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error, TimeSpan Elapsed)
{
    public override string ToString() => $"exit code {ExitCode} after {Elapsed.TotalSeconds:0.0} s\n--- output\n{Output}\n--- error\n{Error}";
}
