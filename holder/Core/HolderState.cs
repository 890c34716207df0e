using System.Text;
using Sessiond.Pty;

namespace Sessiond.Holder;

/// <summary>What a holder hands to the program that is executed in its place: the messages that describe its items, behind one about itself, with the numbers of their descriptors.</summary>
internal static class HolderState
{
    /// <summary>Writes it into a memfd.</summary>
    internal static SafeFd Save(IEnumerable<HolderMessage> messages)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        foreach (HolderMessage message in messages)
        {
            byte[] encoded = message.Encode();
            writer.Write(encoded.Length);
            writer.Write(encoded);
            writer.Write(message.Fds.Count);
            foreach (SafeFd fd in message.Fds) writer.Write(OpenFiles.NumberOf(fd));
        }

        return MemoryFile.Of("sessiond-holder", bytes.GetBuffer().AsSpan(0, (int)bytes.Length)).Fd;
    }

    /// <summary>Reads what another holder saved; its descriptors are taken over.</summary>
    /// <exception cref="IOException">It is not a state of this version.</exception>
    internal static IReadOnlyList<HolderMessage> Load(SafeFd file)
    {
        using var reader = new BinaryReader(new MemoryStream(MemoryFile.ReadAll(file)), Encoding.UTF8);
        var messages = new List<HolderMessage>();
        while (reader.BaseStream.Position < reader.BaseStream.Length)
        {
            byte[] encoded = reader.ReadBytes(reader.ReadInt32());
            var fds = new SafeFd[reader.ReadInt32()];
            for (int i = 0; i < fds.Length; i++) fds[i] = OpenFiles.Inherited(reader.ReadInt32());
            messages.Add(HolderMessage.Decode(encoded, fds));
            if (messages[0] is not { Kind: MessageKind.Welcome, A: HolderMessage.ProtocolVersion }) throw new IOException("the holder's state has another version");
        }

        file.Dispose();
        return messages.Count > 0 ? messages : throw new IOException("the holder's state is empty");
    }
}
