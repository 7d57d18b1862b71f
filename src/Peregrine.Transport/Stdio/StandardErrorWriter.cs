using System.Text;

namespace Peregrine.Transport.Stdio;

/// <summary>Passes what is printed to standard error. Made without opening it: most servers print nothing, and start sooner.</summary>
internal sealed class StandardErrorWriter : TextWriter
{
    public override Encoding Encoding => Console.Error.Encoding;

    public override void Write(char value) => Console.Error.Write(value);

    public override void Write(char[] buffer, int index, int count) => Console.Error.Write(buffer, index, count);

    public override void Write(string? value) => Console.Error.Write(value);

    public override void WriteLine(string? value) => Console.Error.WriteLine(value);

    public override void Flush() => Console.Error.Flush();
}
