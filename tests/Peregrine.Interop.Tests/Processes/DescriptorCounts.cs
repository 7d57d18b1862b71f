namespace Peregrine.Interop.Tests.Processes;

/// <summary>Open descriptors of a process, by kind. Files are none of them: assemblies are opened when they are first needed, and stay open.</summary>
internal readonly record struct DescriptorCounts(int Pipes, int Sockets, int Others)
{
    internal static DescriptorCounts Of(int processId)
    {
        var (pipes, sockets, others) = (0, 0, 0);
        foreach (var path in Directory.GetFiles($"/proc/{processId}/fd"))
        {
            // One that was closed since the folder was read leads nowhere.
            switch (new FileInfo(path).LinkTarget?.Split(':')[0])
            {
                case "pipe":
                    pipes++;
                    break;
                case "socket":
                    sockets++;
                    break;
                case "anon_inode":
                    others++;
                    break;
            }
        }

        return new DescriptorCounts(pipes, sockets, others);
    }
}
