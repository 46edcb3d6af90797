"""How each member is paid: an owner's draw, as a contractor, or wages through a payroll firm; dated facts."""
