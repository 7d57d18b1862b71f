using System.Globalization;
using System.Text;
using System.Text.Json;
using Peregrine.Load.Judging;
using Peregrine.Load.Workloads;

namespace Peregrine.Load.Tests.Sources;

/// <summary>A row of bench/budgets/sources.json.</summary>
internal sealed record SourceRow(string Test, string Name, bool IsQuiet, bool IsHttp, Workload Workload, IReadOnlyList<Budget> Budgets)
{
    public static IReadOnlyList<SourceRow> ReadAll()
    {
        using var document = JsonDocument.Parse(
            File.ReadAllBytes(Repository.File("bench", "budgets", "sources.json")), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        return [.. document.RootElement.GetProperty("rows").EnumerateArray().Select(Read)];
    }

    private static SourceRow Read(JsonElement row)
    {
        var budgets = BudgetFile.Read(Encoding.UTF8.GetBytes(row.GetRawText()), out var faults);
        Assert.Empty(faults);
        var stage = new Stage
        {
            Duration = TimeSpan.FromSeconds(row.GetProperty("seconds").GetDouble()),
            Rate = row.TryGetProperty("rate", out var rate) ? rate.GetDouble() : null,
            Concurrency = row.TryGetProperty("concurrency", out var users) ? users.GetInt32() : null,
        };
        var workload = WorkloadPresets.Find(row.GetProperty("preset").GetString()!)! with { Stages = [stage] };
        Assert.Empty(workload.Validate());
        return new SourceRow(
            row.GetProperty("test").GetString()!,
            string.Create(CultureInfo.InvariantCulture, $"{row.GetProperty("name").GetString()}"),
            row.TryGetProperty("quiet", out var quiet) && quiet.GetBoolean(),
            row.GetProperty("transport").GetString() == "http",
            workload,
            budgets);
    }
}
