namespace Peregrine.Testing;

/// <summary>A tool failed where a test wanted its answer, or a contract is not the committed one.</summary>
public sealed class McpTestException : Exception
{
    /// <summary>Makes one with a general message.</summary>
    public McpTestException()
        : base("The test's expectation does not hold.")
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">What was wanted and what was found.</param>
    public McpTestException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">What was wanted and what was found.</param>
    /// <param name="innerException">The cause.</param>
    public McpTestException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
