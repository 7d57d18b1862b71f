using System.Text.Json;

namespace Peregrine.Conformance.Tests.Suite;

/// <summary>What the suite found in one scenario.</summary>
internal sealed class ScenarioOutcome
{
    /// <summary>The id of the fault that is added where a scenario succeeded in nothing.</summary>
    internal const string NothingChecked = "nothing-checked";

    private ScenarioOutcome(IReadOnlyList<ScenarioCheck> checks) => Checks = checks;

    internal IReadOnlyList<ScenarioCheck> Checks { get; }

    internal IEnumerable<ScenarioCheck> Faults => Checks.Where(static check => check.IsFault);

    internal bool HasFailed => Checks.Any(static check => check.Status == "FAILURE");

    /// <summary>Reads the suite's <c>checks.json</c>.</summary>
    internal static ScenarioOutcome Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        List<ScenarioCheck> checks = [];
        foreach (var check in document.RootElement.EnumerateArray())
        {
            checks.Add(new ScenarioCheck(check.GetProperty("id").GetString()!, check.GetProperty("status").GetString()!, Message(check)));
        }

        // The check of the wire succeeds also where nothing was sent.
        if (!checks.Any(static check => check.Status == "SUCCESS" && check.Id != "wire-schema-valid"))
        {
            checks.Add(new ScenarioCheck(NothingChecked, "SKIPPED", "no check of the scenario succeeded"));
        }

        return new ScenarioOutcome(checks);
    }

    public override string ToString() => string.Join('\n', Checks);

    private static string Message(JsonElement check)
    {
        var message = check.TryGetProperty("errorMessage", out var error) ? error.GetString() ?? "" : "";
        return check.GetProperty("status").GetString() == "SUCCESS" || !check.TryGetProperty("details", out var details) ? message : $"{message} {details.GetRawText()}";
    }
}
