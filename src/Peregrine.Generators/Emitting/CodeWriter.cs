using System.Text;

namespace Peregrine.Generators.Emitting;

/// <summary>Writes indented C#.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;

    /// <summary>Writes a line, or an empty one.</summary>
    internal void Line(string text = "")
    {
        if (text.Length > 0)
        {
            _text.Append(' ', _depth * 4).Append(text);
        }

        _text.Append('\n');
    }

    /// <summary>Writes a line and opens a block.</summary>
    internal void Open(string head, string bracket = "{")
    {
        Line(head);
        Line(bracket);
        _depth++;
    }

    /// <summary>Closes a block.</summary>
    internal void Close(string bracket = "}")
    {
        _depth--;
        Line(bracket);
    }

    public override string ToString() => _text.ToString();
}
