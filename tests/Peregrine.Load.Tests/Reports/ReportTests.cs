using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Peregrine.Load.Judging;
using Peregrine.Load.Reports;

namespace Peregrine.Load.Tests.Reports;

public sealed partial class ReportTests
{
    private static readonly Check[] Checks = [new("P99 of \"echo\"", Verdict.Over, "12 ms, at most 10 ms"), new("rps", Verdict.Ok, "1,000/s")];

    [Fact]
    public void The_page_loads_nothing_and_holds_no_word_of_a_server_as_markup()
    {
        var page = HtmlReport.Write(MadeResults.Of(1000, 1_000_000, failed: 3), Checks);
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<oops>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("{{", page, StringComparison.Ordinal);
        Assert.Empty(Loading().Matches(page));
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme: dark", page, StringComparison.Ordinal);
        Assert.Contains("P99 of &quot;echo&quot;", page, StringComparison.Ordinal);
        Assert.Contains("3 calls failed", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_holds_what_its_charts_draw()
    {
        var page = HtmlReport.Write(MadeResults.Of(1000, 1_000_000));
        using var data = JsonDocument.Parse(Data().Match(page).Groups[1].Value);
        Assert.Equal(10, data.RootElement.GetProperty("series").GetArrayLength());
        Assert.Equal(11, data.RootElement.GetProperty("resources").GetArrayLength());
        var points = data.RootElement.GetProperty("spectra")[0].GetProperty("points").EnumerateArray().Select(static point => (Depth: point[0].GetDouble(), Value: point[1].GetInt64())).ToArray();
        Assert.Equal(points.Select(static point => point.Value).Order(), points.Select(static point => point.Value));
        Assert.InRange(points[^1].Value, 9_990_000, 10_010_000);

        // 98 % took one millisecond: 90 % lies before, 99 % behind.
        Assert.InRange(points.Single(static point => point.Depth == 1).Value, 999_000, 1_001_000);
        Assert.InRange(points.Single(static point => point.Depth == 2).Value, 9_990_000, 10_010_000);
    }

    [Fact]
    public void JUnit_counts_operations_generator_and_checks()
    {
        var suite = XDocument.Parse(JUnitReport.Write(MadeResults.Of(1000, 1_000_000, failed: 3), Checks)).Root!;
        Assert.Equal(("4", "2"), ((string)suite.Attribute("tests")!, (string)suite.Attribute("failures")!));
        Assert.Equal(["echo", "generator", "P99 of \"echo\"", "rps"], suite.Elements("testcase").Select(static one => (string)one.Attribute("name")!));
        Assert.Equal(["echo", "P99 of \"echo\""], suite.Elements("testcase").Where(static one => one.Element("failure") is not null).Select(static one => (string)one.Attribute("name")!));
    }

    [GeneratedRegex("(src|href|@import|url\\()\\s*=?\\s*[\"']?(https?:)?//", RegexOptions.IgnoreCase)]
    private static partial Regex Loading();

    [GeneratedRegex("<script type=\"application/json\" id=\"data\">(.*?)</script>")]
    private static partial Regex Data();
}
