namespace Peregrine.Generators.Models;

/// <summary>How numbers may be written other than as numbers; the values are those of JsonNumberHandling.</summary>
[Flags]
internal enum NumberForms
{
    None = 0,
    ReadText = 1,
    WriteText = 2,
    Named = 4,
}
