using System.Globalization;
using System.Text.Json;

namespace Peregrine.Load.Judging;

/// <summary>
/// Reads budgets from JSON: <c>{"budgets": [{"metric": "p99", "atMost": "30 ms"}, {"metric": "rps", "atLeast": 1000}]}</c>, each with <c>name</c>, <c>operation</c> and <c>source</c> where wanted;
/// comments and trailing commas are allowed. Reports all that is wrong at once, each with its place.
/// </summary>
public static class BudgetFile
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
    private static readonly string[] Members = ["name", "metric", "operation", "atMost", "atLeast", "source"];

    /// <summary>Reads the member <c>budgets</c> of an object.</summary>
    /// <param name="utf8">The JSON text.</param>
    /// <param name="faults">All that is wrong; empty where nothing is.</param>
    public static IReadOnlyList<Budget> Read(ReadOnlyMemory<byte> utf8, out IReadOnlyList<string> faults)
    {
        var found = new List<string>();
        faults = found;
        try
        {
            using var document = JsonDocument.Parse(utf8, Lenient);
            if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("budgets", out var list))
            {
                return Read(list, "budgets", found);
            }

            found.Add("a budget file is an object with the member \"budgets\"");
        }
        catch (JsonException exception)
        {
            found.Add($"no JSON: {exception.Message}");
        }

        return [];
    }

    internal static IReadOnlyList<Budget> Read(JsonElement list, string place, List<string> faults)
    {
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
        {
            faults.Add($"{place}: must be a list with at least one budget");
            return [];
        }

        var budgets = new List<Budget>();
        foreach (var (index, json) in list.EnumerateArray().Index())
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"{place}[{index}]");
            if (json.ValueKind != JsonValueKind.Object)
            {
                faults.Add($"{at}: must be an object");
            }
            else if (ReadOne(json, at, faults) is { } budget)
            {
                budgets.Add(budget);
            }
        }

        return budgets;
    }

    private static Budget? ReadOne(JsonElement json, string at, List<string> faults)
    {
        var before = faults.Count;
        faults.AddRange(json.EnumerateObject().Where(static member => !Members.Contains(member.Name)).Select(member => $"{at}.{member.Name}: unknown; allowed are {string.Join(", ", Members)}"));
        var name = Text(json, "metric", at, faults) ?? "";
        if (Metric.Find(name) is not { } metric)
        {
            faults.Add($"{at}.metric: \"{name}\" is none; there are {Metric.Names}");
            return null;
        }

        var (most, least) = (Figure(json, "atMost", metric, at, faults), Figure(json, "atLeast", metric, at, faults));
        if (most is null && least is null && faults.Count == before)
        {
            faults.Add($"{at}: give atMost or atLeast");
        }

        var operation = Text(json, "operation", at, faults);
        var budget = new Budget
        {
            Name = Text(json, "name", at, faults) ?? (operation is null ? metric.Name : $"{operation} {metric.Name}"),
            Metric = metric,
            Operation = operation,
            AtMost = most,
            AtLeast = least,
            Source = Text(json, "source", at, faults),
        };
        return faults.Count == before ? budget : null;
    }

    private static string? Text(JsonElement json, string member, string at, List<string> faults)
    {
        if (!json.TryGetProperty(member, out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            return value.GetString();
        }

        faults.Add($"{at}.{member}: must be a text");
        return null;
    }

    private static double? Figure(JsonElement json, string member, Metric metric, string at, List<string> faults)
    {
        if (!json.TryGetProperty(member, out var value))
        {
            return null;
        }

        var figure = value.ValueKind switch
        {
            JsonValueKind.String => Units.Read(value.GetString()!, metric.Kind),
            JsonValueKind.Number when metric.Kind is not (MetricKind.Latency or MetricKind.Bytes) => value.GetDouble(),
            _ => null,
        };
        if (figure is null)
        {
            var units = Units.Of(metric.Kind);
            faults.Add($"{at}.{member}: {value.GetRawText()} is no figure of {metric.Name}{(units.Length > 0 ? $"; write a number and a unit ({units}) as a text" : "")}");
        }

        return figure;
    }
}
