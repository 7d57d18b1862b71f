namespace Peregrine.Conformance.Tests.Suite;

public sealed class ScenarioListsTests
{
    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public void RequiredIsWhatTheSuiteRequires(string revision)
    {
        OfficialSuite.Require();
        var lines = File.ReadLines(Path.Combine(OfficialSuite.Folder, "requirements", revision + ".yaml"));

        // The scenarios are the list entries of the section `server:`.
        var server = lines.SkipWhile(static line => line != "server:").Skip(1).TakeWhile(static line => line.Length == 0 || line[0] is ' ' or '#')
            .Select(static line => line.Trim()).Where(static line => line.StartsWith("- ", StringComparison.Ordinal)).Select(static line => line[2..]);

        Assert.Equal(server.Order(StringComparer.Ordinal), ScenarioLists.RequiredBy(revision).Order(StringComparer.Ordinal));
    }
}
