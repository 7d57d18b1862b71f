using System.Text.Json;
using Peregrine.Cli.Targets;
using Peregrine.Client.Contracts;
using Spectre.Console;

namespace Peregrine.Cli.Contracts;

/// <summary>`peregrine diff`: two contracts, judged.</summary>
internal static class DiffContracts
{
    internal static async Task<int> RunAsync(ContractSource before, ContractSource after, TargetOptions options, bool json, ContractVerdict failOn, CancellationToken cancellationToken)
    {
        var (old, exitCode) = await before.ReadAsync(options, cancellationToken).ConfigureAwait(false);
        if (old is null)
        {
            return exitCode;
        }

        (var now, exitCode) = await after.ReadAsync(options, cancellationToken).ConfigureAwait(false);
        if (now is null)
        {
            return exitCode;
        }

        var comparison = ContractComparer.Compare(old, now);
        if (json)
        {
            Console.WriteLine(ToJson(comparison));
        }
        else
        {
            await WriteAsync(comparison).ConfigureAwait(false);
        }

        return comparison.Verdict >= failOn ? ExitCodes.Failed : ExitCodes.Fine;
    }

    private static string ToJson(ContractComparison comparison)
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteString("verdict", Word(comparison.Verdict));
            writer.WriteStartArray("changes");
            foreach (var change in comparison.Changes)
            {
                writer.WriteStartObject();
                writer.WriteString("tool", change.Tool);
                writer.WriteString("part", change.Part);
                writer.WriteString("verdict", Word(change.Verdict));
                writer.WriteString("message", change.Message);
                writer.WriteStartArray("details");
                foreach (var detail in change.Details)
                {
                    writer.WriteStringValue(detail);
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(text.ToArray());
    }

    private static async Task WriteAsync(ContractComparison comparison)
    {
        if (Console.IsOutputRedirected)
        {
            foreach (var change in comparison.Changes)
            {
                Console.WriteLine($"{Word(change.Verdict)}\t{change.Tool}\t{change.Part}\t{change.Message.ReplaceLineEndings(" ")}");
            }
        }
        else if (comparison.Changes.Count > 0)
        {
            var table = new Table().Border(TableBorder.Rounded).AddColumn("Verdict").AddColumn("Tool").AddColumn("Part").AddColumn("Change");
            foreach (var change in comparison.Changes.OrderByDescending(static change => change.Verdict))
            {
                table.AddRow(
                    new Markup($"[{Color(change.Verdict)}]{Word(change.Verdict)}[/]"), new Text(change.Tool), new Text(change.Part),
                    new Text(string.Join('\n', [change.Message, .. change.Details.Select(static detail => "  " + detail)])));
            }

            AnsiConsole.Write(table);
        }

        await Console.Error.WriteLineAsync(comparison.Changes.Count == 0 ? "The contracts are the same." : $"{comparison.Changes.Count} {(comparison.Changes.Count == 1 ? "change" : "changes")}: {Word(comparison.Verdict)}").ConfigureAwait(false);
    }

    private static string Word(ContractVerdict verdict) => verdict.ToString().ToLowerInvariant();

    private static string Color(ContractVerdict verdict) => verdict switch
    {
        ContractVerdict.Breaking => "red",
        ContractVerdict.Unknown or ContractVerdict.Review => "yellow",
        _ => "green",
    };
}
