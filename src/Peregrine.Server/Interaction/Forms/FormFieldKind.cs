namespace Peregrine.Server.Interaction.Forms;

/// <summary>What a field of a form takes.</summary>
internal enum FormFieldKind : byte
{
    Text,
    Number,
    Integer,
    Boolean,
    Choice,
    Choices,
}
