namespace Peregrine.Gateway.Configuration;

/// <summary>One thing wrong with a configuration file.</summary>
/// <param name="File">The file, as it was named.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column in characters, from 1.</param>
/// <param name="Message">What was found and what is allowed. Never holds the value of an environment variable.</param>
/// <param name="Remedy">What to do.</param>
public sealed record ConfigurationProblem(string File, int Line, int Column, string Message, string Remedy)
{
    /// <summary><c>file:line:column: message remedy</c>, a form that editors and terminals make clickable.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}: {Message} {Remedy}";
}
