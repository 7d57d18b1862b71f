using System.Text;
using Peregrine.Protocol.Framing;

namespace Peregrine.Protocol.Tests.Framing;

public sealed class LineBreaksTests
{
    [Fact]
    public void Line_breaks_become_spaces_and_nothing_else_changes()
    {
        var random = new Random(1);
        for (var length = 0; length < 200; length++)
        {
            var text = new string([.. Enumerable.Range(0, length).Select(_ => "ab\n\r \t"[random.Next(6)])]);
            var bytes = Encoding.UTF8.GetBytes(text);
            LineBreaks.ReplaceWithSpaces(bytes);
            Assert.Equal(text.Replace('\n', ' ').Replace('\r', ' '), Encoding.UTF8.GetString(bytes));
        }
    }
}
