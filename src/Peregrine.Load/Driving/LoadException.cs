namespace Peregrine.Load.Driving;

/// <summary>No run was made: the target could not be reached, or does not do what the workload asks for.</summary>
public sealed class LoadException : Exception
{
    /// <summary>Makes an exception.</summary>
    /// <param name="message">What happened and what to do about it.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public LoadException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
