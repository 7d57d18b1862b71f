namespace Peregrine.JsonSchema;

/// <summary>A schema that cannot be compiled: it is no JSON, means nothing, refers to what nobody has, or is larger than the limits of the options.</summary>
public sealed class JsonSchemaException : Exception
{
    /// <summary>Makes an exception without words.</summary>
    public JsonSchemaException()
        : this("The schema cannot be compiled.")
    {
    }

    /// <summary>Makes an exception.</summary>
    public JsonSchemaException(string message)
        : this(message, (Exception?)null)
    {
    }

    /// <summary>Makes an exception with its cause.</summary>
    public JsonSchemaException(string message, Exception? innerException)
        : base(message, innerException) => Location = "";

    internal JsonSchemaException(string location, string message, Exception? innerException = null)
        : base($"{location}: {message}", innerException) => Location = location;

    /// <summary>Where in which schema: its URI, <c>#</c> and a JSON pointer.</summary>
    public string Location { get; }
}
