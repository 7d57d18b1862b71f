using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Peregrine.Generators.Diagnostics;
using Peregrine.Generators.Models;

namespace Peregrine.Generators.Reading;

/// <summary>Reads what a tool's attributes say of how it wants to be run, as assignments to members of its definition.</summary>
internal static class OptionReader
{
    private static readonly string[] Flags = ["ReadOnly", "Destructive", "Idempotent", "OpenWorld", "Blocking", "CpuBound"];
    private static readonly string[] Texts = ["Category", "Version", "Deprecation"];
    private static readonly string[] Lists = ["CacheTags", "InvalidatesTags", "Scopes", "Roles", "Dependencies"];

    /// <summary>The members that are set, with their values in C#.</summary>
    internal static IEnumerable<string> Read(ToolCandidate candidate, List<DiagnosticModel> diagnostics)
    {
        var attribute = candidate.Attribute;
        List<string> result = [];
        result.AddRange(Flags.Where(flag => KnownNames.NamedArgument(attribute, flag) is bool).Select(flag => $"{flag} = {((bool)KnownNames.NamedArgument(attribute, flag)! ? "true" : "false")}"));
        Add(result, "Timeout", Seconds(candidate, "TimeoutSeconds", 86_400, isZeroAllowed: false, diagnostics));
        Add(result, "MaxConcurrency", Number(candidate, attribute, "MaxConcurrency", 1, 1_000_000, diagnostics));
        Add(result, "CacheDuration", Seconds(candidate, "CacheSeconds", 2_678_400, isZeroAllowed: true, diagnostics));
        if (KnownNames.NamedArgument(attribute, "Tier") is int tier and > 0)
        {
            result.Add($"Tier = (McpToolTier){tier.ToString(CultureInfo.InvariantCulture)}");
        }

        if (KnownNames.NamedArgument(attribute, "CacheScope") is int scope and > 0)
        {
            result.Add($"CacheScope = (global::Peregrine.Server.Resources.McpCacheScope){scope.ToString(CultureInfo.InvariantCulture)}");
        }

        foreach (var text in Texts)
        {
            Add(result, text, KnownNames.NamedArgument(attribute, text) is string value ? SymbolDisplay.FormatLiteral(value, quote: true) : null);
        }

        foreach (var list in Lists)
        {
            var values = KnownNames.NamedTexts(attribute, list);
            Add(result, list, values.Count == 0 ? null : $"[{string.Join(", ", values.Select(static value => SymbolDisplay.FormatLiteral(value, quote: true)))}]");
        }

        return result;
    }

    /// <summary>How calls are gathered, in C#; null where they are not.</summary>
    internal static string? ReadBatch(ToolCandidate candidate, List<DiagnosticModel> diagnostics)
    {
        if ((KnownNames.FindAttribute(candidate.Method, KnownNames.BatchAttribute) ?? KnownNames.FindAttribute(candidate.Marked, KnownNames.BatchAttribute)) is not { } batch)
        {
            return null;
        }

        List<string> options = [];
        Add(options, "Max", Number(candidate, batch, "Max", 1, 10_000, diagnostics));
        var wait = Number(candidate, batch, "WaitMicroseconds", 0, 1_000_000, diagnostics);
        Add(options, "Wait", wait is null ? null : $"TimeSpan.FromMicroseconds({wait})");
        Add(options, "AcrossPrincipals", KnownNames.NamedArgument(batch, "AcrossPrincipals") is true ? "true" : null);
        return options.Count == 0 ? "new McpBatchOptions()" : $"new McpBatchOptions {{ {string.Join(", ", options)} }}";
    }

    private static void Add(List<string> result, string member, string? code)
    {
        if (code is not null)
        {
            result.Add($"{member} = {code}");
        }
    }

    private static string? Seconds(ToolCandidate candidate, string option, double most, bool isZeroAllowed, List<DiagnosticModel> diagnostics)
    {
        if (KnownNames.NamedArgument(candidate.Attribute, option) is not double seconds)
        {
            return null;
        }

        // Compared this way round, NaN is refused.
        var isValid = seconds <= most && (seconds > 0 || (isZeroAllowed && seconds == 0));
        var found = seconds.ToString("R", CultureInfo.InvariantCulture);
        if (!isValid)
        {
            Refuse(candidate, option, found, $"{(isZeroAllowed ? "from 0" : "more than 0")} to {most.ToString(CultureInfo.InvariantCulture)} seconds", diagnostics);
        }

        return isValid ? $"TimeSpan.FromSeconds({found}d)" : null;
    }

    private static string? Number(ToolCandidate candidate, AttributeData attribute, string option, int least, int most, List<DiagnosticModel> diagnostics)
    {
        if (KnownNames.NamedArgument(attribute, option) is not int number)
        {
            return null;
        }

        var found = number.ToString(CultureInfo.InvariantCulture);
        if (number < least || number > most)
        {
            Refuse(candidate, option, found, $"{least.ToString(CultureInfo.InvariantCulture)} to {most.ToString(CultureInfo.InvariantCulture)}", diagnostics);
            return null;
        }

        return found;
    }

    private static void Refuse(ToolCandidate candidate, string option, string found, string range, List<DiagnosticModel> diagnostics) =>
        diagnostics.Add(DiagnosticModel.Create(Descriptors.InvalidOption, candidate.Location, option, candidate.Method.Name, found, range));
}
