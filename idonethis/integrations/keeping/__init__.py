"""How long what came in is kept, and where it goes then.

The stored request goes first, into a file of the archive where there is one; the line that says
what came and what became of it stays for as long again. Entries are never touched. A file is whole,
on the disk and read back before anything that it holds leaves the inbox, and nothing leaves it that
is not in the file as it is: whoever dies in between has lost nothing, and doing it again harms
nothing."""
