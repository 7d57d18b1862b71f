using System.Text;
using System.Text.Json;
using Peregrine.Cli.Targets;
using Peregrine.Transport.Connections;
using Spectre.Console;

namespace Peregrine.Cli.Diagnosing;

/// <summary>`peregrine doctor`: whether a server keeps to the specification, in both eras.</summary>
internal static class Doctor
{
    // Columns of a terminal from which on names, titles and sections stand beside each other.
    private const int WidthOfSections = 120;

    private static readonly TimeSpan LongestPatience = TimeSpan.FromSeconds(10);

    internal static async Task<int> RunAsync(Target target, TargetOptions options, bool json, CancellationToken cancellationToken)
    {
        var patience = options.Timeout < LongestPatience ? options.Timeout : LongestPatience;
        var findings = new Findings();
        try
        {
            var eras = 0;
            await using (var probe = Open(target, options, patience))
            {
                eras += await new StatelessChecks(probe, findings).RunAsync(cancellationToken).ConfigureAwait(false) ? 1 : 0;
            }

            // A process of its own: what was said in one era must not lead the other astray.
            await using (var probe = Open(target, options, patience))
            {
                eras += await new SessionChecks(probe, findings).RunAsync(cancellationToken).ConfigureAwait(false) ? 1 : 0;
            }

            if (eras == 0)
            {
                await Console.Error.WriteLineAsync($"peregrine: {target.Name} answers neither server/discover nor initialize; it is no MCP server").ConfigureAwait(false);
                return ExitCodes.NotReached;
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or PeregrineException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Console.Error.WriteLineAsync($"peregrine: cannot reach {target.Name}: {exception.Message}").ConfigureAwait(false);
            return ExitCodes.NotReached;
        }

        if (json)
        {
            await Console.Out.WriteLineAsync(ToJson(target, findings.All)).ConfigureAwait(false);
        }
        else
        {
            Write(findings.All);
        }

        return findings.All.Any(static finding => finding.Verdict == Verdict.Fail) ? ExitCodes.Failed : ExitCodes.Fine;
    }

    private static IProbe Open(Target target, TargetOptions options, TimeSpan patience) => target.Endpoint is { } endpoint
        ? new HttpProbe(endpoint, options.Headers, patience)
        : new StdioProbe(target.Command, patience, options.Verbose ? Console.Error.WriteLine : null);

    private static string ToJson(Target target, IReadOnlyList<Finding> findings)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteString("target", target.Name);
            foreach (var verdict in Enum.GetValues<Verdict>())
            {
                writer.WriteNumber(Name(verdict), findings.Count(finding => finding.Verdict == verdict));
            }

            writer.WriteStartArray("checks");
            foreach (var finding in findings)
            {
                writer.WriteStartObject();
                writer.WriteString("id", finding.Id);
                writer.WriteString("section", finding.Section);
                writer.WriteString("title", finding.Title);
                writer.WriteString("verdict", Name(finding.Verdict));
                writer.WriteString("detail", finding.Detail);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Write(IReadOnlyList<Finding> findings)
    {
        if (Console.IsOutputRedirected)
        {
            foreach (var finding in findings)
            {
                Console.WriteLine($"{Name(finding.Verdict)}\t{finding.Id}\t{(finding.Detail.Length > 0 ? finding.Detail.ReplaceLineEndings(" ") : finding.Title)}");
            }
        }
        else
        {
            AnsiConsole.Write(TableOf(findings, isWide: AnsiConsole.Profile.Width >= WidthOfSections));
        }

        var counts = Enum.GetValues<Verdict>().Select(verdict => $"{findings.Count(finding => finding.Verdict == verdict)} {Name(verdict)}");
        Console.Error.WriteLine(string.Join(", ", counts));
    }

    // Where there is no room for the section of each check, it stands where somebody will look it up.
    private static Table TableOf(IReadOnlyList<Finding> findings, bool isWide)
    {
        var table = new Table().Border(isWide ? TableBorder.Rounded : TableBorder.None).AddColumn("").AddColumn(new TableColumn("[bold]Check[/]").NoWrap()).AddColumn("[bold]What[/]");
        if (isWide)
        {
            table.AddColumn("[bold]Specification[/]");
        }

        foreach (var finding in findings)
        {
            var what = Markup.Escape(finding.Title);
            if (finding.Detail.Length > 0)
            {
                what += $"\n[dim]{Markup.Escape(TerminalText.Show(finding.Detail))}[/]";
            }

            if (!isWide && finding.Verdict is (Verdict.Fail or Verdict.Warn))
            {
                what += $"\n[dim]{Markup.Escape(finding.Section)}[/]";
            }

            string[] row = [$"[{Colour(finding.Verdict)}]{Name(finding.Verdict)}[/]", Markup.Escape(finding.Id), what];
            table.AddRow(isWide ? [.. row, Markup.Escape(finding.Section)] : row);
        }

        return table;
    }

    private static string Name(Verdict verdict) => verdict switch
    {
        Verdict.Pass => "pass",
        Verdict.Fail => "fail",
        Verdict.Warn => "warn",
        _ => "skip",
    };

    private static string Colour(Verdict verdict) => verdict switch
    {
        Verdict.Pass => "green",
        Verdict.Fail => "red",
        Verdict.Warn => "yellow",
        _ => "grey",
    };
}
