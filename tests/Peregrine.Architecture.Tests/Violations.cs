namespace Peregrine.Architecture.Tests;

/// <summary>A rule yields one line per violation; a test passes when there is none, and shows all of them when there are.</summary>
internal static class Violations
{
    public static void None(IEnumerable<string> violations)
    {
        string[] found = [.. violations];
        if (found.Length > 0)
            Assert.Fail($"{found.Length} violation(s):{Environment.NewLine}{string.Join(Environment.NewLine, found)}");
    }

    public static void Single(string expected, IEnumerable<string> violations) =>
        Assert.Contains(expected, Assert.Single(violations), StringComparison.Ordinal);
}
