namespace Peregrine.Server.Resources.Templates;

internal enum TemplatePartKind : byte
{
    /// <summary>Fixed text.</summary>
    Literal,

    /// <summary>The text of one variable.</summary>
    Value,

    /// <summary>A character that leads a value; without it the value is left out too.</summary>
    Lead,

    /// <summary>Name and value pairs in any order, such as a query.</summary>
    Form,
}
