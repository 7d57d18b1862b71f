using System.Globalization;
using System.Text;
using System.Xml;
using Peregrine.Load.Judging;
using Peregrine.Load.Results;

namespace Peregrine.Load.Reports;

/// <summary>A result as JUnit XML, for continuous integration: each operation, the generator and each check is a test case.</summary>
public static class JUnitReport
{
    /// <summary>The XML text.</summary>
    /// <param name="result">The result.</param>
    /// <param name="checks">What was checked beside it, such as budgets.</param>
    public static string Write(LoadResult result, IReadOnlyList<Check> checks)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(checks);
        Case[] cases =
        [
            .. result.Operations.Select(one => new Case(one.Name, one.Succeeded + one.Failed == 0 ? "no call was made" : one.Failed > 0 ? string.Create(CultureInfo.InvariantCulture, $"{one.Failed} of {one.Succeeded + one.Failed} calls failed") : null, string.Join('\n', result.ErrorExamples))),
            new("generator", result.Generator.IsValid ? null : "the run is invalid", string.Join('\n', result.Generator.Faults)),
            .. checks.Select(static check => new Case(check.Name, check.Verdict == Verdict.Over ? "over" : null, check.Detail)),
        ];
        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, OmitXmlDeclaration = true }))
        {
            xml.WriteStartElement("testsuite");
            xml.WriteAttributeString("name", $"peregrine bench: {result.Workload.Name} on {Clean(result.Target.Name)}");
            xml.WriteAttributeString("tests", Number(cases.Length));
            xml.WriteAttributeString("failures", Number(cases.Count(static one => one.Failure is not null)));
            xml.WriteAttributeString("errors", "0");
            xml.WriteAttributeString("skipped", "0");
            xml.WriteAttributeString("timestamp", result.StartedAt.UtcDateTime.ToString("s", CultureInfo.InvariantCulture));
            xml.WriteAttributeString("time", result.DurationSeconds.ToString("0.###", CultureInfo.InvariantCulture));
            foreach (var one in cases)
            {
                WriteCase(xml, result.Workload.Name, one);
            }

            xml.WriteElementString("system-out", Clean(ResultText.Write(result)));
            xml.WriteEndElement();
        }

        return text.Append('\n').ToString();
    }

    private static void WriteCase(XmlWriter xml, string workload, Case one)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", "bench." + Clean(workload));
        xml.WriteAttributeString("name", Clean(one.Name));
        if (one.Failure is not null)
        {
            xml.WriteStartElement("failure");
            xml.WriteAttributeString("message", Clean(one.Failure));
            xml.WriteString(Clean(one.Detail));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    // A server's words may hold what XML cannot.
    private static string Clean(string text) => string.Concat(text.EnumerateRunes().Select(static rune => rune.Value is '\n' or '\t' or >= 0x20 and not (0xFFFE or 0xFFFF) ? rune.ToString() : "\uFFFD"));

    private sealed record Case(string Name, string? Failure, string Detail);
}
