using Peregrine.Protocol.Text;

namespace Peregrine.Protocol.Tests.Text;

public sealed class NearNamesTests
{
    [Theory]
    [InlineData("name", "name", 0)]
    [InlineData("NAME", "name", 0)]
    [InlineData("userName", "username", 0)]
    [InlineData("nmae", "name", 1)]
    [InlineData("nam", "name", 1)]
    [InlineData("names", "name", 1)]
    [InlineData("user_name", "username", 1)]
    [InlineData("colour", "color", 1)]
    [InlineData("langauge_", "language", 2)]
    [InlineData("GRÖBER", "gröber", 0)]
    [InlineData("x", "a", NearNames.Far)]
    [InlineData("X", "x", 0)]
    [InlineData("from", "to", NearNames.Far)]
    [InlineData("nema", "name", 2)]
    [InlineData("xy", "id", NearNames.Far)]
    [InlineData("ids", "id", 1)]
    [InlineData("", "name", NearNames.Far)]
    [InlineData("name", "", NearNames.Far)]
    [InlineData("", "", 0)]
    public void Slips_are_counted_as_far_as_somebody_makes_them(string written, string meant, int slips) => Assert.Equal(slips, NearNames.Slips(written, meant));

    [Fact]
    public void Distance_is_that_of_the_whole_table_as_far_as_it_is_told()
    {
        var random = new Random(7);
        for (var round = 0; round < 20_000; round++)
        {
            var (a, b) = (Word(random), Word(random));
            var whole = WholeDistance(a, b);
            Assert.True((whole <= 3 ? whole : NearNames.Far) == NearNames.Distance(a, b), $"{a} {b}: {whole}");
        }
    }

    [Fact]
    public void Names_too_long_to_be_meant_are_not_compared()
    {
        var name = new string('a', NearNames.LongestName);
        Assert.Equal(1, NearNames.Distance(name, name.AsSpan(1)));
        Assert.Equal(NearNames.Far, NearNames.Distance(name + "a", name));
        Assert.Equal(NearNames.Far, NearNames.Distance(name, name + "a"));
    }

    private static string Word(Random random) => string.Concat(Enumerable.Range(0, random.Next(9)).Select(_ => (char)('a' + random.Next(3))));

    private static int WholeDistance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                rows[i, j] = i == 0 ? j : j == 0 ? i : Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[a.Length, b.Length];
    }
}
