using System.Text.Json;

namespace Peregrine.Load.Results;

/// <summary>Writes results as JSON, reads them, and finds what is wrong with them.</summary>
public static class ResultFile
{
    /// <summary>The result as indented JSON, in UTF-8.</summary>
    public static byte[] Write(LoadResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return ResultJson.Write(result);
    }

    /// <summary>Results as a JSON list, in UTF-8.</summary>
    public static byte[] WriteMany(IReadOnlyList<LoadResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        return JsonSerializer.SerializeToUtf8Bytes(results, ResultJson.Default.IReadOnlyListLoadResult);
    }

    /// <summary>Reads one result or a list of them, and checks that they can be relied on.</summary>
    /// <param name="utf8">The JSON text.</param>
    /// <param name="faults">All that is wrong; empty where nothing is.</param>
    public static IReadOnlyList<LoadResult> ReadMany(ReadOnlySpan<byte> utf8, out IReadOnlyList<string> faults)
    {
        if (!utf8.TrimStart(" \t\r\n"u8).StartsWith("["u8))
        {
            return Read(utf8, out faults) is { } one ? [one] : [];
        }

        try
        {
            var results = JsonSerializer.Deserialize(utf8, ResultJson.Default.IReadOnlyListLoadResult)!;
            faults = results.Count == 0
                ? ["the list holds no result"]
                : [.. results.SelectMany(static (result, index) => result is null ? [FormattableString.Invariant($"[{index}] is null")] : ResultRules.Check(result).Select(fault => FormattableString.Invariant($"[{index}].{fault}")))];
            return results;
        }
        catch (JsonException exception)
        {
            faults = [$"no results: {exception.Message}"];
            return [];
        }
    }

    /// <summary>Reads a result and checks that it can be relied on.</summary>
    /// <param name="utf8">The JSON text.</param>
    /// <param name="faults">All that is wrong; empty where nothing is.</param>
    /// <returns>The result, or null where it cannot be read at all.</returns>
    public static LoadResult? Read(ReadOnlySpan<byte> utf8, out IReadOnlyList<string> faults)
    {
        try
        {
            var result = JsonSerializer.Deserialize(utf8, ResultJson.Default.LoadResult);
            faults = result is null ? ["the result is null"] : ResultRules.Check(result);
            return result;
        }
        catch (JsonException exception)
        {
            faults = [$"no result: {exception.Message}"];
            return null;
        }
    }
}
