using Peregrine.Interop.Tests.Processes;

namespace Peregrine.Conformance.Tests.Suite;

/// <summary>The client side of the official conformance suite: what each revision requires, without the scenarios of authorization.</summary>
public sealed class ClientTests
{
    public static TheoryData<string, string> Scenarios => new()
    {
        { "2025-11-25", "initialize" },
        { "2025-11-25", "tools_call" },
        { "2025-11-25", "elicitation-sep1034-client-defaults" },
        { "2025-11-25", "sse-retry" },
        { "2026-07-28", "tools_call" },
        { "2026-07-28", "request-metadata" },
        { "2026-07-28", "sep-2322-client-request-state" },
        { "2026-07-28", "http-standard-headers" },
        { "2026-07-28", "http-custom-headers" },
        { "2026-07-28", "http-invalid-tool-headers" },
        { "2026-07-28", "json-schema-ref-no-deref" },

        // Not required by the suite, for its own client fails it.
        { "2026-07-28", "json-schema-2020-12-preservation" },
    };

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Scenario(string revision, string scenario)
    {
        OfficialSuite.Require();

        var (outcome, command) = await OfficialSuite.RunClientAsync(Programs.ConformanceClient, scenario, revision);

        // What is skipped here belongs to the other era.
        Assert.True(outcome.Faults.All(static fault => fault.Status == "SKIPPED" && fault.Id != ScenarioOutcome.NothingChecked) && command.ExitCode == 0, $"{revision} {scenario}:\n{outcome}\n--- the suite\n{command}");
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public void RequiredIsWhatTheSuiteRequires(string revision)
    {
        OfficialSuite.Require();
        var lines = File.ReadLines(Path.Combine(OfficialSuite.Folder, "requirements", revision + ".yaml"));
        var client = lines.SkipWhile(static line => line != "client:").Skip(1).TakeWhile(static line => line.Length == 0 || line[0] is ' ' or '#')
            .Select(static line => line.Trim()).Where(static line => line.StartsWith("- ", StringComparison.Ordinal)).Select(static line => line[2..]);
        var ours = Scenarios.Select(static row => row.Data).Where(row => row.Item1 == revision && row.Item2 != "json-schema-2020-12-preservation").Select(static row => row.Item2);

        Assert.Equal(client.Where(static scenario => !scenario.StartsWith("auth/", StringComparison.Ordinal)).Order(StringComparer.Ordinal), ours.Order(StringComparer.Ordinal));
    }
}
